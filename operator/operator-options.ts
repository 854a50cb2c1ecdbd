import type { MeshSettings } from '@dot-kube/proxy/model';
import type { ListenAddress } from '@dot-kube/proxy/xds';
import type { ServerNames } from './controllers/identity/server-certificate.ts';
import type { Capture } from './controllers/mesh/workload-resources.ts';
import type { Api, Clock, LeaderElection, Logger, MetricsRegistry } from './framework/index.ts';
import type { CertificateAuthority, TokenAuthenticator } from './identity/index.ts';
import type { InjectionSettings, PodControlPlane } from './webhooks/index.ts';

/** How pods get their proxies. */
export interface InjectionOptions {
  /** What the API server, or the webhook, makes of pods. */
  readonly settings: InjectionSettings;
  /** What proxies are told to connect to. */
  readonly controlPlane: PodControlPlane;
  /** What they are told to ask when that does not answer. Default: nobody. */
  readonly standby?: PodControlPlane;
  /** Default: no webhook is served. */
  readonly webhook?: { readonly address: ListenAddress; readonly names: ServerNames };
  /** How long a namespace that is meshed no more keeps its ConfigMap, milliseconds. Default: 30 s. */
  readonly lingerMs?: number;
}

/** Everything that an operator is given; nothing is read from the environment. */
export interface OperatorOptions {
  readonly api: Api;
  /** Whether that is the API of a cluster, where there are always Namespaces and Services: no lists of none are believed. Default: false. */
  readonly isCluster?: boolean;
  readonly settings: MeshSettings;
  readonly capture: Capture;
  readonly authority: CertificateAuthority;
  readonly tokens: TokenAuthenticator;
  readonly xds: { readonly address: ListenAddress; readonly names: ServerNames; readonly plaintext?: ListenAddress };
  /** Where health and metrics are served. Default: nowhere. */
  readonly health?: ListenAddress;
  readonly election?: LeaderElection;
  /** The name of this replica. */
  readonly instance: string;
  /**
   * For so long after it began to lead the operator takes proxies that should be there, and are not yet, for ones that will
   * be back. Milliseconds. Default: 0, for where nobody can have been connected before.
   */
  readonly returnMs?: number;
  /** The other replicas. Default: this is the only one. */
  readonly replicas?: {
    /** Where this one tells others how its proxies stand. */
    readonly address: ListenAddress;
    /** Where the operator runs. */
    readonly namespace: string;
    /** The Service whose endpoints are the replicas; they serve at the port of `address`. */
    readonly service: string;
    /** More of them, `host:port`. */
    readonly peers: readonly string[];
    /** One that was not heard of for so long does not count any more. Milliseconds. */
    readonly lapseMs: number;
  };
  /** Standbys, which are told what proxies acknowledged. Default: there are none. */
  readonly standby?: {
    /** Where this one tells them. */
    readonly address: ListenAddress;
    /** What proxies know them by: their certificate is made here. */
    readonly names: ServerNames;
    /** Where they run, as a service account of their own. */
    readonly namespace: string;
  };
  /** How a change of the root goes: see `IdentityIssuer` for `spreadMs` and `RootChange` for the others, and their defaults. */
  readonly rootChange?: { readonly spreadMs?: number; readonly holdMs?: number; readonly checkMs?: number };
  /** Default: pods get their proxies, and proxies what they start with, from elsewhere. */
  readonly injection?: InjectionOptions;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
}
