// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
import type { Condition } from '../../framework/status/conditions.ts';

/** One header and what its value has to be. */
export interface HeaderMatch {
  /** Name of the header, in any case. */
  readonly name: string;
  /**
   * How the value is compared, case-sensitively: Exact, Prefix, Suffix or Contains; or only whether the header is
   * there: Present, Absent. Default: Exact.
   */
  readonly type?: HeaderMatchType;
  /** What the header's value is compared with. */
  readonly value?: string;
}

/**
 * How the value is compared, case-sensitively: Exact, Prefix, Suffix or Contains; or only whether the header is there:
 * Present, Absent. Default: Exact.
 */
export type HeaderMatchType = 'Exact' | 'Prefix' | 'Suffix' | 'Contains' | 'Present' | 'Absent';

/** What became of the object, as the proxies themselves acknowledged it. */
export interface MeshStatus {
  /** Generation of the object that this status speaks of; -1 before the operator has seen it. */
  readonly observedGeneration?: number;
  /**
   * Accepted: valid, and in conflict with none that is older. ResolvedRefs: everything it names exists. Programmed:
   * every proxy concerned has acknowledged this generation, it is in force. Ready: all of these. Reconciling: the
   * operator waits for proxies. Stalled: it will not become Ready without a change.
   */
  readonly conditions?: readonly Condition[];
  /** How many proxies the object concerns, and how far they are with this generation. */
  readonly proxies?: ProxyCounts;
}

/**
 * The pods of this namespace (in dot-kube-system: of every namespace) that the policy applies to. Excludes targetRefs.
 */
export interface PodSelector {
  /** Labels that a pod must carry, all of them. */
  readonly matchLabels: Readonly<Record<string, string>>;
}

/** How many proxies the object concerns, and how far they are with this generation. */
export interface ProxyCounts {
  /** Connected proxies that the object concerns. */
  readonly total: number;
  /** Those that have acknowledged everything that comes from this generation. */
  readonly programmed: number;
  /** Those that refused something that comes from this generation. */
  readonly rejected: number;
}

/** One object that the policy applies to. */
export interface TargetReference {
  /** API group of the target: empty for the core group, which is the default. */
  readonly group?: '';
  /** Kind of the target. */
  readonly kind: 'Service';
  /** Name of the target, in the policy's own namespace. */
  readonly name: string;
  /** Name of one port of the Service. Absent, the policy applies to all of its ports. */
  readonly sectionName?: string;
}
