// Generated from crds/ by operator/api/generate/main.ts. Do not edit.

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

/**
 * The pods of this namespace (in dot-kube-system: of every namespace) that the policy applies to. Excludes targetRefs.
 */
export interface PodSelector {
  /** Labels that a pod must carry, all of them. */
  readonly matchLabels: Readonly<Record<string, string>>;
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
