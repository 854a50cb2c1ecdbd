import type { ConditionState } from '../../local/status/status-report.ts';

/** Which policies of several that set a field win: the later in this list, the more specific. */
export type Layer =
  | 'default'
  | 'mesh'
  | 'mesh, by labels'
  | 'namespace'
  | 'Service'
  | 'port of a Service'
  | 'pods, by labels';

/** A field that is in force, and who said so. */
export interface EffectiveField {
  /** As in `spec` of a MeshPolicy: `mtls.mode`. */
  readonly field: string;
  readonly value: unknown;
  readonly layer: Layer;
  /** `MeshPolicy shop/fast`; absent for a default. */
  readonly source?: string;
}

/** One AuthorizationPolicy as it is at one port. */
export interface EffectiveAuthorization {
  readonly source: string;
  readonly layer: Layer;
  readonly action: 'allow' | 'deny' | 'audit';
  /** `dry-run`: nothing is refused by it. */
  readonly mode: 'enforce' | 'dry-run';
  readonly rules: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

/** What holds for one port of a pod. */
export interface InboundDescription {
  readonly port: number | 'other';
  readonly protocol: string;
  readonly fields: readonly EffectiveField[];
  readonly authorization: readonly EffectiveAuthorization[];
  /** `by-rules`: whom a rule of an Allow policy fits. Deny policies come first in any case. */
  readonly mayCall: 'anybody' | 'by-rules' | 'nobody';
}

/** An object of ours that applies, and how it stands. */
export interface AppliedPolicy {
  readonly object: string;
  readonly layer: Layer;
  readonly conditions: readonly ConditionState[];
  /** What the compiler finds in it. */
  readonly findings: readonly string[];
}

/** What `dotkube describe pod` tells. */
export interface PodDescription {
  readonly kind: 'Pod';
  readonly name: string;
  /** Whether it has a proxy. Where it has none, nothing below is enforced, and callers without identity are what others see. */
  readonly meshed: boolean;
  readonly identity: string;
  /** Services that lead to it: `shop/reviews`. */
  readonly services: readonly string[];
  readonly inbound: readonly InboundDescription[];
  readonly policies: readonly AppliedPolicy[];
}

/** What callers of one port of a Service get. */
export interface ServicePortDescription {
  readonly port: number;
  readonly name: string;
  readonly protocol: string;
  readonly fields: readonly EffectiveField[];
  /** Where requests, or connections, go. One entry where nothing splits them. */
  readonly backends: readonly { readonly to: string; readonly weight: number }[];
  /** The TrafficSplit behind that. */
  readonly split?: string;
}

/** The pods of one kind behind a Service. */
export interface WorkloadDescription {
  readonly identity: string;
  readonly meshed: boolean;
  readonly pods: readonly string[];
  /** For the ports that the Service leads to. */
  readonly inbound: readonly InboundDescription[];
}

/** What `dotkube describe service` tells. */
export interface ServiceDescription {
  readonly kind: 'Service';
  readonly name: string;
  readonly type: string;
  readonly ports: readonly ServicePortDescription[];
  readonly workloads: readonly WorkloadDescription[];
  readonly policies: readonly AppliedPolicy[];
  /** What the compiler finds in the Service itself. */
  readonly findings: readonly string[];
}
