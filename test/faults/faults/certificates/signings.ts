import { TestClock } from '../../../../operator/framework/testing/index.ts';
import { CertificateAuthority, IdentityIssuer, MemoryCaStore } from '../../../../operator/identity/index.ts';
import type { Check } from '../../fault.ts';

const WORKLOADS = 100;
const MINUTE_MS = 60_000;
const DAYS = 2;

/** A hundred workloads whose certificates were issued together, at the default life: how many are signed at the same time. */
export async function signingsTogether(): Promise<Check> {
  const clock = new TestClock();
  const trustDomain = 'cluster.local';
  const authority = await CertificateAuthority.open({ store: new MemoryCaStore(), trustDomain, clock });
  const issuer = new IdentityIssuer({ authority, clock, random: Math.random });
  let [signed, inMinute, most, atOnce] = [0, 0, 0, 0];
  issuer.subscribe(({ kind }) => {
    if (kind !== 'issued') return;
    signed += 1;
    inMinute += 1;
    // The one that is told of is over.
    atOnce = Math.max(atOnce, issuer.summary().signing + 1);
  });
  const idle = async (): Promise<void> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (issuer.summary().signing > 0);
  };
  for (let index = 0; index < WORKLOADS; index += 1)
    issuer.want({ trustDomain, namespace: 'shop', serviceAccount: `workload-${index}` });
  await idle();
  for (let minute = 0; minute < DAYS * 24 * 60; minute += 1) {
    inMinute = 0;
    await clock.advance(MINUTE_MS);
    await idle();
    most = Math.max(most, inMinute);
  }
  issuer.close();
  return {
    name: `certificates of ${WORKLOADS} workloads that are signed together`,
    expected: `${WORKLOADS / 10} or fewer`,
    measured: `${atOnce} at once, ${most} in one minute, ${signed - WORKLOADS} in ${DAYS} days`,
    passed: most <= WORKLOADS / 10 && atOnce <= WORKLOADS / 10 && signed > 4 * WORKLOADS,
  };
}
