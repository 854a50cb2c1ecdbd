import type { ClusterName } from './service.ts';
import type { SourceRef } from './source-ref.ts';

export interface Locality {
  readonly region: string;
  readonly zone: string;
}

export interface Endpoint {
  /** IPv4 or IPv6 without brackets. */
  readonly address: string;
  /** Other addresses of the same pod, of the other family: for who dialled that family, and where the first does not connect. */
  readonly alternatives?: readonly string[];
  readonly port: number;
  /** `draining` is terminating yet serving: it keeps what it has and is picked only when nothing else is left. */
  readonly health: 'healthy' | 'draining';
  /** Whether the endpoint's proxy takes mesh mTLS on this port; decided by injection and policy, not by a live stream. */
  readonly mtls: boolean;
  readonly locality?: Locality;
}

/** The endpoints of one cluster, sorted by address and port. Changes far more often than anything else, so it stands alone. */
export interface EndpointSet {
  readonly cluster: ClusterName;
  readonly endpoints: readonly Endpoint[];
  readonly causes: readonly SourceRef[];
}
