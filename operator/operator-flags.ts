import { isIP } from 'node:net';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { ListenAddress } from '@dot-kube/proxy/xds';
import type { Capture } from './controllers/mesh/workload-resources.ts';
import type { ServerNames } from './controllers/identity/server-certificate.ts';
import type { LogLevel } from './framework/index.ts';

/** What the operator's command line says. */
export interface OperatorFlags {
  readonly help: boolean;
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly trustDomain: string;
  readonly clusterDomain: string;
  readonly serviceCidrs: readonly string[];
  readonly capture: Capture;
  readonly xdsAddress: ListenAddress;
  readonly xdsNames: ServerNames;
  readonly plaintextXds?: ListenAddress;
  readonly healthAddress: ListenAddress;
  readonly caFile: string;
  readonly trustBundleFile?: string;
  readonly leaderElection: boolean;
  /** Seconds. */
  readonly leaseDuration: number;
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'pretty';
}

/** The command line is wrong; the message says what and how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `--help` prints. */
export const operatorUsage = `Usage: dot-kube-operator [flags]

Reconciles MeshPolicy, TrafficSplit and AuthorizationPolicy, and serves the mesh's proxies.

  --kubeconfig PATH           The cluster. Default: KUBECONFIG, ~/.kube/config, the pod's own service account.
  --namespace NAME            Where the operator keeps its Lease. Default: dot-kube-system.
  --trust-domain NAME         Of all identities. Default: cluster.local.
  --cluster-domain NAME       Of Service names. Default: cluster.local.
  --service-cidr CIDR         Where Service addresses are from; repeatable. Default: what the cluster says.
  --capture MODE              redirect (pods) or explicit (proxies that are given addresses). Default: redirect.
  --xds-address HOST:PORT     Where proxies connect to. Default: :15010.
  --xds-name NAME             A DNS name or an IP address of that; repeatable. Default: localhost and 127.0.0.1.
  --plaintext-xds HOST:PORT   Also serve xDS without TLS, for load tests; loopback only. Default: off.
  --health-address HOST:PORT  /livez, /readyz and /metrics. Default: :8081.
  --ca-file PATH              The certificate authority's root and key, made when absent. Default: .dotkube/ca.json.
  --trust-bundle-file PATH    Write the root certificates there, for proxies' bootstrap. Default: nowhere.
  --no-leader-election        This is the only replica.
  --lease-duration SECONDS    Another replica leads so long after the leader was last heard of; 3 or more. Default: 15.
  --log-level LEVEL           debug, info, warn or error. Default: info.
  --log-format FORMAT         json or pretty. Default: json.
  --help                      Print this.
`;

const options = {
  kubeconfig: { type: 'string' },
  namespace: { type: 'string', default: 'dot-kube-system' },
  'trust-domain': { type: 'string', default: 'cluster.local' },
  'cluster-domain': { type: 'string', default: 'cluster.local' },
  'service-cidr': { type: 'string', multiple: true, default: [] as string[] },
  capture: { type: 'string', default: 'redirect' },
  'xds-address': { type: 'string', default: ':15010' },
  'xds-name': { type: 'string', multiple: true, default: ['localhost', '127.0.0.1'] as string[] },
  'plaintext-xds': { type: 'string' },
  'health-address': { type: 'string', default: ':8081' },
  'ca-file': { type: 'string', default: '.dotkube/ca.json' },
  'trust-bundle-file': { type: 'string' },
  'no-leader-election': { type: 'boolean', default: false },
  'lease-duration': { type: 'string', default: '15' },
  'log-level': { type: 'string', default: 'info' },
  'log-format': { type: 'string', default: 'json' },
  help: { type: 'boolean', default: false },
} satisfies ParseArgsOptionsConfig;

/** Reads the command line. Throws {@link UsageError}. */
export function parseOperatorFlags(args: readonly string[]): OperatorFlags {
  const values = valuesOf(args);
  const { kubeconfig, namespace, help } = values;
  const [plaintext, bundle] = [values['plaintext-xds'], values['trust-bundle-file']];
  return {
    help,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    namespace,
    trustDomain: values['trust-domain'],
    clusterDomain: values['cluster-domain'],
    serviceCidrs: values['service-cidr'].map(cidr),
    capture: oneOf('--capture', values.capture, ['redirect', 'explicit'] as const),
    xdsAddress: address('--xds-address', values['xds-address']),
    xdsNames: {
      dnsNames: values['xds-name'].filter((name) => isIP(name) === 0),
      ipAddresses: values['xds-name'].filter((name) => isIP(name) !== 0),
    },
    ...(plaintext === undefined ? {} : { plaintextXds: address('--plaintext-xds', plaintext) }),
    healthAddress: address('--health-address', values['health-address']),
    caFile: values['ca-file'],
    ...(bundle === undefined ? {} : { trustBundleFile: bundle }),
    leaderElection: !values['no-leader-election'],
    leaseDuration: leaseSeconds(values['lease-duration']),
    logLevel: oneOf('--log-level', values['log-level'], ['debug', 'info', 'warn', 'error'] as const),
    logFormat: oneOf('--log-format', values['log-format'], ['json', 'pretty'] as const),
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}; see --help`, { cause });
  }
}

function oneOf<const T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${flag} is one of ${allowed.join(', ')}, not ${value}`);
  return found;
}

/** `host:port`, `[v6]:port` or `:port`. */
function address(flag: string, value: string): ListenAddress {
  const colon = value.lastIndexOf(':');
  const port = Number(value.slice(colon + 1));
  const host = value.slice(0, Math.max(colon, 0)).replace(/^\[|\]$/g, '');
  const isPort = colon >= 0 && /^\d{1,5}$/.test(value.slice(colon + 1)) && port <= 65_535;
  if (!isPort) throw new UsageError(`${flag} is HOST:PORT or :PORT, not ${value}`);
  return host === '' ? { port } : { host, port };
}

function leaseSeconds(value: string): number {
  const isUsable = /^\d{1,4}$/.test(value) && Number(value) >= 3;
  if (!isUsable) throw new UsageError(`--lease-duration is a number of seconds from 3 to 9999, not ${value}`);
  return Number(value);
}

function cidr(value: string): string {
  const [ip = '', bits = ''] = value.split('/');
  const family = isIP(ip);
  const isCidr = family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  if (!isCidr) throw new UsageError(`--service-cidr is like 10.96.0.0/12, not ${value}`);
  return value;
}
