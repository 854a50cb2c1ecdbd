import { binomialBounds } from '../binomial.ts';
import { check, type CheckStep } from '../check-step.ts';

const VISITS = 400;
const SHARE = 0.1;

/** `policies/reviews-canary.yaml`: one answer of reviews in ten is v2. */
export const split: CheckStep = {
  name: 'a TrafficSplit of 90 to 10',
  async run(mesh) {
    const calls = (await mesh.visit(VISITS)).filter(({ destination }) => destination === 'reviews');
    const failed = calls.filter(({ ok }) => !ok).length;
    check(calls.length === VISITS && failed === 0, `${failed} of ${calls.length} calls to reviews failed`);
    const canary = calls.filter(({ version }) => version === 'v2').length;
    const { least, most } = binomialBounds(VISITS, SHARE);
    check(canary >= least && canary <= most, `${canary} of ${VISITS} went to v2; ${least} to ${most} are chance`);
    return `${canary} of ${VISITS} requests went to v2`;
  },
};
