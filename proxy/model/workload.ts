import type { AuthorizationPolicy } from './authorization.ts';
import type { Protocol } from './service.ts';
import type { SourceRef } from './source-ref.ts';
import type { SpiffeId } from './spiffe-id.ts';
import type { Fault } from './traffic-policy.ts';

export type MtlsMode = 'strict' | 'permissive' | 'disabled';

/**
 * What the proxies of one class take in: pods with the same identity, labels and ports, so that the cost of a change is
 * per class. Nothing in it names a pod.
 */
export interface Workload {
  /** The class: stable text, unique in the mesh. */
  readonly key: string;
  readonly identity: SpiffeId;
  /** Sorted by port. */
  readonly ports: readonly InboundPort[];
  /** What holds for ports that no Service and no container declares. */
  readonly other: InboundPolicy;
}

export interface InboundPolicy {
  readonly mtls: MtlsMode;
  readonly authorization: readonly AuthorizationPolicy[];
  readonly fault?: Fault;
  readonly causes: readonly SourceRef[];
}

export interface InboundPort extends InboundPolicy {
  /** The port of the pod that callers' proxies connect to. */
  readonly port: number;
  readonly protocol: Protocol;
}
