import { type Finding, finding, type FindingObject } from '../../findings/index.ts';
import { objectOf } from '../../build/lenient.ts';
import { INJECT_LABEL } from './names.ts';
import type { PodShape } from './pod-shape.ts';
import { podFindings } from './pod-findings.ts';
import type { InjectionSettings } from './settings.ts';

/** Where a pod is made: its namespace, and what that says. */
export interface PodNamespace {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Why a pod gets no proxy. */
export type LeaveReason =
  /** Neither the namespace nor the pod asks for it. */
  | 'NotRequested'
  /** The pod says no. */
  | 'OptedOut'
  /** The namespace is the cluster's or the mesh's own. */
  | 'SystemNamespace'
  /** It has the network of its node, whose connections are not to be captured. */
  | 'HostNetwork'
  | 'Windows'
  /** The kubelet's picture of a pod that runs already. */
  | 'MirrorPod';

/** What becomes of a pod. */
export type InjectionDecision =
  | { readonly kind: 'inject' }
  | { readonly kind: 'leave'; readonly reason: LeaveReason; readonly finding?: Finding }
  | { readonly kind: 'refuse'; readonly findings: readonly Finding[] };

/** Decides whether a pod gets a proxy. `object` is what findings are about; default: the pod. */
export function decideInjection(
  pod: PodShape,
  namespace: PodNamespace,
  settings: InjectionSettings,
  object: FindingObject = podReference(pod, namespace.name),
): InjectionDecision {
  const { systemNamespaces } = settings;
  if (systemNamespaces.includes(namespace.name)) return { kind: 'leave', reason: 'SystemNamespace' };
  const label = objectOf(pod.metadata?.labels)?.[INJECT_LABEL];
  if (label === 'disabled') return { kind: 'leave', reason: 'OptedOut' };
  if (label === undefined && namespace.labels?.[INJECT_LABEL] !== 'enabled') {
    return { kind: 'leave', reason: 'NotRequested' };
  }
  if (label !== undefined && label !== 'enabled') {
    const place = { object, field: `metadata.labels[${INJECT_LABEL}]` };
    return { kind: 'refuse', findings: [finding('DK4002', place, { value: label })] };
  }
  const unfit = unfitReason(pod);
  if (unfit === 'HostNetwork') {
    return { kind: 'leave', reason: unfit, finding: finding('DK4101', { object, field: 'spec.hostNetwork' }, {}) };
  }
  if (unfit !== undefined) return { kind: 'leave', reason: unfit };
  const findings = podFindings(pod, settings, object);
  return findings.length > 0 ? { kind: 'refuse', findings } : { kind: 'inject' };
}

function unfitReason({ metadata, spec }: PodShape): LeaveReason | undefined {
  if (spec?.hostNetwork === true) return 'HostNetwork';
  if (Object.hasOwn(objectOf(metadata?.annotations) ?? {}, 'kubernetes.io/config.mirror')) return 'MirrorPod';
  const systems = [spec?.os?.name, objectOf(spec?.nodeSelector)?.['kubernetes.io/os']];
  return systems.includes('windows') ? 'Windows' : undefined;
}

function podReference({ metadata }: PodShape, namespace: string): FindingObject {
  return { kind: 'Pod', namespace, name: metadata?.name ?? metadata?.generateName ?? '' };
}
