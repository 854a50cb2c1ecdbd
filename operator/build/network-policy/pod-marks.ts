import type { Pod } from '../../api/index.ts';
import { objectOf, textOf } from '../lenient.ts';
import { INJECTION_STATUS, serviceAccountOf } from '../pod-class.ts';

/** The label by which injection says as whom a pod runs: what NetworkPolicies know a service account by. */
export const SERVICE_ACCOUNT_LABEL = 'mesh.dot-kube.io/service-account';

/** Annotation with which a pod leaves connections to some of its ports out of the capture. */
export const EXCLUDE_INBOUND_PORTS = 'mesh.dot-kube.io/exclude-inbound-ports';

/** How long a label's value may be. */
export const LONGEST_LABEL = 63;

/** The value of the label for a service account; one with a longer name has no label. */
export function serviceAccountLabel(serviceAccount: string): string | undefined {
  return serviceAccount.length <= LONGEST_LABEL ? serviceAccount : undefined;
}

/** Whether the labels of a meshed pod tell that it is one, and as whom it runs, as injection leaves them. */
export function hasIdentityLabels(pod: Pod): boolean {
  const labels = objectOf(pod.metadata.labels);
  return (
    labels?.[INJECTION_STATUS] === 'injected' &&
    textOf(labels[SERVICE_ACCOUNT_LABEL]) === serviceAccountLabel(serviceAccountOf(pod))
  );
}

/** Ports from the first to the last. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** All ports. */
export const EVERY_PORT: PortRange = { first: 1, last: 65_535 };

/** The ports of an annotation like `22,9000-9100`; all of them where it cannot be read, as nobody knows what passes by the proxy. */
export function portRangesOf(text: string): readonly PortRange[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const ranges = entries.map((entry) => {
    const [first = Number.NaN, last = first] = entry.split('-').map(Number);
    return { first, last };
  });
  const isValid = ranges.every(({ first, last }) => first >= 1 && last >= first && last <= EVERY_PORT.last);
  return isValid ? ranges : [EVERY_PORT];
}
