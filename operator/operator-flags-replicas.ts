import type { ParseArgsOptionsConfig } from 'node:util';
import type { ListenAddress } from '@dot-kube/proxy/xds';
import { address, UsageError } from './operator-flags-values.ts';

/** What replicas tell each other, and where. */
export interface ReplicaFlags {
  readonly replicasAddress: ListenAddress;
  readonly replicasService: string;
  /** `host:port`, IPv6 in brackets. */
  readonly replicaPeers: readonly string[];
  /** Where standbys are told what proxies acknowledged. */
  readonly standbyAddress: ListenAddress;
  /** Where proxies find a standby. Undefined: there is none. */
  readonly standbyService?: { readonly host: string; readonly port: number };
}

/** For `parseArgs`. */
export const replicaFlagOptions = {
  'replicas-address': { type: 'string', default: ':15012' },
  'replicas-service': { type: 'string', default: 'dot-kube-xds' },
  'replica-peer': { type: 'string', multiple: true, default: [] as string[] },
  'standby-address': { type: 'string', default: ':15013' },
  'standby-service': { type: 'string' },
} satisfies ParseArgsOptionsConfig;

/** Lines of `--help`. */
export const replicaUsage = `  --replicas-address HOST:PORT  Where the leader is told what this replica's proxies acknowledged. Default: :15012.
  --replicas-service NAME     Service of --namespace whose endpoints are the replicas. Default: dot-kube-xds.
  --replica-peer HOST:PORT    One more replica, where there is no such Service; repeatable.
  --standby-service HOST:PORT Where proxies find a standby (--standby --help). Default: there is none.
  --standby-address HOST:PORT Where it is told what proxies acknowledged. Default: :15013.
`;

/** Throws {@link UsageError}. */
export function parseReplicaFlags(values: {
  readonly 'replicas-address': string;
  readonly 'replicas-service': string;
  readonly 'replica-peer': readonly string[];
  readonly 'standby-address': string;
  readonly 'standby-service'?: string;
}): ReplicaFlags {
  const { 'standby-service': standby } = values;
  return {
    replicasAddress: address('--replicas-address', values['replicas-address']),
    replicasService: values['replicas-service'],
    replicaPeers: values['replica-peer'].map((value) => {
      const { host, port } = address('--replica-peer', value);
      if (host === undefined || port === 0) throw new UsageError(`--replica-peer is HOST:PORT, not ${value}`);
      return value;
    }),
    standbyAddress: address('--standby-address', values['standby-address']),
    ...(standby === undefined ? {} : { standbyService: serviceOf(standby) }),
  };
}

function serviceOf(value: string): { readonly host: string; readonly port: number } {
  const { host, port } = address('--standby-service', value);
  if (host === undefined || port === 0) throw new UsageError(`--standby-service is HOST:PORT, not ${value}`);
  return { host, port };
}
