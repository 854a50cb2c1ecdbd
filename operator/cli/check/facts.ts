import type { Pod } from '../../api/index.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { Lease } from '../../framework/manager/lease.ts';
import type { ProxyAnswers } from '../proxy-status/ask-replicas.ts';

/** Something that was asked for; `why` it is not known where nobody could tell. */
export type Fact<T> = { readonly value: T } | { readonly unknown: string; readonly code: number };

/** A right that the user may or may not have. */
export interface Permission {
  readonly verb: string;
  /** `deployments.apps`. */
  readonly resource: string;
  readonly allowed: boolean;
}

/** From when until when a certificate holds. Milliseconds since the epoch. */
export interface CertificateLife {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Everything that the checks look at. Times are in milliseconds since the epoch. */
export interface CheckFacts {
  /** Of this dotkube. */
  readonly version: string;
  readonly server: string;
  /** `date` is the clock of the API server, whole seconds; `local` is this machine's at the same time. */
  readonly kubernetes: Fact<{ readonly version: string; readonly date: number | undefined; readonly local: number }>;
  /** What an installation takes. */
  readonly permissions: Fact<readonly Permission[]>;
  readonly policiesServed: Fact<boolean>;
  readonly definitions: Fact<readonly KubernetesObject[]>;
  readonly deployment: Fact<KubernetesObject | undefined>;
  readonly operatorPods: Fact<readonly Pod[]>;
  readonly lease: Fact<Lease | undefined>;
  /** The root of the mesh; nothing where there is none yet. */
  readonly root: Fact<CertificateLife | { readonly unreadable: string } | undefined>;
  /** What a replica shows to proxies. */
  readonly controlPlane: Fact<CertificateLife>;
  /** By webhook, if injection is by one: when its caBundle ends, or nothing where it has none. */
  readonly webhook: Fact<readonly { readonly name: string; readonly bundle: CertificateLife | undefined }[]>;
  /** Whether the API server would give a pod that asks for a proxy one. */
  readonly injection: Fact<boolean>;
  readonly namespaces: Fact<readonly KubernetesObject[]>;
  readonly pods: Fact<readonly Pod[]>;
  readonly nodes: Fact<readonly KubernetesObject[]>;
  readonly proxies: Fact<ProxyAnswers>;
}

/** What one check came to. */
export interface CheckResult {
  /** Stable: scripts may rely on it. */
  readonly id: string;
  /** `skipped`: it makes no sense here, or nobody could be asked; `message` says which. */
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  /** What to do. */
  readonly fix?: string;
}

/** One check: looks at the facts, and at nothing else. */
export type Check = (facts: CheckFacts) => Omit<CheckResult, 'id'>;

export const ok = (message: string): Omit<CheckResult, 'id'> => ({ state: 'ok', message });
export const failed = (message: string, fix: string): Omit<CheckResult, 'id'> => ({ state: 'failed', message, fix });
export const warning = (message: string, fix: string): Omit<CheckResult, 'id'> => ({ state: 'warning', message, fix });
export const skipped = (message: string): Omit<CheckResult, 'id'> => ({ state: 'skipped', message });

/** A check of something that may not be known; it is skipped then. */
export function known<T>(fact: Fact<T>, check: (value: T) => Omit<CheckResult, 'id'>): Omit<CheckResult, 'id'> {
  return 'value' in fact ? check(fact.value) : skipped(`not known: ${fact.unknown}`);
}

/** Whether dot-kube is installed, as far as that is known. */
export function isInstalled({ deployment }: CheckFacts): boolean {
  return 'value' in deployment && deployment.value !== undefined;
}
