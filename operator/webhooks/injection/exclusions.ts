import type { CaptureExclusions } from '@dot-kube/proxy/init';
import { objectOf } from '../../build/lenient.ts';
import { isCidr, isIp } from '../../validation/ip-address.ts';
import { EXCLUDE_INBOUND_PORTS, EXCLUDE_OUTBOUND_CIDRS, EXCLUDE_OUTBOUND_PORTS } from './names.ts';
import type { PodShape } from './pod-shape.ts';
import { UNCAPTURED_PORTS } from './settings.ts';

/** What each of the annotations is a list of. */
export const EXCLUSION_FORMS = {
  [EXCLUDE_INBOUND_PORTS]: 'a list of ports like 22,9000-9100',
  [EXCLUDE_OUTBOUND_PORTS]: 'a list of ports like 22,9000-9100',
  [EXCLUDE_OUTBOUND_CIDRS]: 'a list of addresses and blocks like 10.0.0.7,192.168.0.0/16,fd00::/8',
} as const;

type ExclusionAnnotation = keyof typeof EXCLUSION_FORMS;

/** A port, or the first and the last one. */
export const PORTS_PATTERN = /^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$/;

const LAST_PORT = 65_535;

/** What the annotations of a pod, which are valid, leave out of the capture, beside what is never captured. */
export function exclusionsOf(pod: PodShape): CaptureExclusions {
  const cidrs = entriesOf(pod, EXCLUDE_OUTBOUND_CIDRS);
  return {
    inboundPorts: [...UNCAPTURED_PORTS, ...entriesOf(pod, EXCLUDE_INBOUND_PORTS)],
    outboundPorts: entriesOf(pod, EXCLUDE_OUTBOUND_PORTS),
    outboundCidrs: {
      ipv4: cidrs.filter((cidr) => !cidr.includes(':')),
      ipv6: cidrs.filter((cidr) => cidr.includes(':')),
    },
  };
}

/** The annotations of a pod that are no such lists, with the first entry that is wrong. */
export function wrongExclusions(
  pod: PodShape,
): readonly { readonly annotation: ExclusionAnnotation; readonly value: string }[] {
  return (Object.keys(EXCLUSION_FORMS) as ExclusionAnnotation[]).flatMap((annotation) => {
    const isValid = annotation === EXCLUDE_OUTBOUND_CIDRS ? isAddressOrBlock : isPorts;
    const wrong = entriesOf(pod, annotation).find((entry) => !isValid(entry));
    return wrong === undefined ? [] : [{ annotation, value: wrong }];
  });
}

function entriesOf(pod: PodShape, annotation: ExclusionAnnotation): readonly string[] {
  const text = objectOf(pod.metadata?.annotations)?.[annotation] ?? '';
  if (typeof text !== 'string' || text.trim() === '') return [];
  return text.split(',').map((entry) => entry.trim());
}

function isPorts(entry: string): boolean {
  if (!PORTS_PATTERN.test(entry)) return false;
  const [first = 0, last] = entry.split('-').map(Number);
  return first <= LAST_PORT && (last === undefined || (first < last && last <= LAST_PORT));
}

function isAddressOrBlock(entry: string): boolean {
  return entry.includes('/') ? isCidr(entry) : isIp(entry);
}
