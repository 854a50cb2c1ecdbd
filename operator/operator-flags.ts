import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { ListenAddress } from '@dot-kube/proxy/xds';
import type { Capture } from './controllers/mesh/workload-resources.ts';
import type { ServerNames } from './controllers/identity/server-certificate.ts';
import type { LogLevel } from './framework/index.ts';
import {
  injectionFlagOptions,
  type InjectionFlags,
  injectionUsage,
  parseInjectionFlags,
  serverNames,
} from './operator-flags-injection.ts';
import { parseReplicaFlags, type ReplicaFlags, replicaFlagOptions, replicaUsage } from './operator-flags-replicas.ts';
import { address, cidr, oneOf, UsageError, wholeNumber } from './operator-flags-values.ts';

export { UsageError } from './operator-flags-values.ts';

/** What the operator's command line says. */
export interface OperatorFlags extends ReplicaFlags {
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
  /** Instead of `caFile`. */
  readonly caSecret?: string;
  /** What to do without that Secret: make a root of our own, or tell that it is missing. */
  readonly caSource: 'self-signed' | 'secret';
  /** Seconds. */
  readonly rootChangeHold: number;
  /** Of workloads and of the control plane's own servers, seconds. */
  readonly certificateLifetime: number;
  readonly trustBundleFile?: string;
  readonly leaderElection: boolean;
  /** Seconds. */
  readonly leaseDuration: number;
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'pretty';
  /** Under which proxies of pods find the control plane. */
  readonly xdsService: { readonly host: string; readonly port: number };
  /** Undefined: pods get their proxies, and proxies what they start with, from elsewhere. */
  readonly injection?: InjectionFlags;
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
  --xds-service HOST:PORT     Where proxies of pods are told that it is. Default: the first --xds-name, port of --xds-address.
  --plaintext-xds HOST:PORT   Also serve xDS without TLS, for load tests; loopback only. Default: off.
  --health-address HOST:PORT  /livez, /readyz and /metrics. Default: :8081.
  --ca-file PATH              The certificate authority's root and key, made when absent. Default: .dotkube/ca.json.
  --ca-secret NAME            Keep it in this Secret instead, in the operator's namespace. One of the type
                              kubernetes.io/tls is used as it is and never written.
  --ca-source SOURCE          Without that Secret: self-signed (make a root, and the Secret), or secret (do not start).
                              Default: self-signed.
  --root-change-hold SECONDS  Each step of a change of the root holds so long, for what is read from files; 1 or more.
                              Default: 300.
  --certificate-lifetime SECONDS  Life of workload certificates, 10 to 604800; they are renewed before half of it is over, so
                              that proxies do without the control plane for the other half. Default: 86400.
  --trust-bundle-file PATH    Write the root certificates there, for proxies' bootstrap. Default: nowhere.
${injectionUsage}${replicaUsage}  --no-leader-election        This is the only replica.
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
  'xds-service': { type: 'string' },
  'plaintext-xds': { type: 'string' },
  'health-address': { type: 'string', default: ':8081' },
  'ca-file': { type: 'string', default: '.dotkube/ca.json' },
  'ca-secret': { type: 'string' },
  'ca-source': { type: 'string', default: 'self-signed' },
  'root-change-hold': { type: 'string', default: '300' },
  'certificate-lifetime': { type: 'string', default: '86400' },
  'trust-bundle-file': { type: 'string' },
  'no-leader-election': { type: 'boolean', default: false },
  'lease-duration': { type: 'string', default: '15' },
  'log-level': { type: 'string', default: 'info' },
  'log-format': { type: 'string', default: 'json' },
  ...injectionFlagOptions,
  ...replicaFlagOptions,
  help: { type: 'boolean', default: false },
} satisfies ParseArgsOptionsConfig;

/** Reads the command line. Throws {@link UsageError}. */
export function parseOperatorFlags(args: readonly string[]): OperatorFlags {
  const values = valuesOf(args);
  const { kubeconfig, namespace, help } = values;
  const { 'plaintext-xds': plaintext, 'trust-bundle-file': trustBundleFile, 'ca-secret': caSecret } = values;
  const xdsAddress = address('--xds-address', values['xds-address']);
  const [firstName = ''] = values['xds-name'];
  const xdsService = service(values['xds-service'] ?? `${bracketed(firstName)}:${xdsAddress.port}`);
  const injection = parseInjectionFlags(values, namespace);
  return {
    help,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    namespace,
    trustDomain: values['trust-domain'],
    clusterDomain: values['cluster-domain'],
    serviceCidrs: values['service-cidr'].map(cidr),
    capture: oneOf('--capture', values.capture, ['redirect', 'explicit']),
    xdsAddress,
    // Proxies refuse a control plane whose certificate has another name than they were told.
    xdsNames: serverNames([...new Set([...values['xds-name'], xdsService.host])]),
    xdsService,
    ...(plaintext === undefined ? {} : { plaintextXds: address('--plaintext-xds', plaintext) }),
    healthAddress: address('--health-address', values['health-address']),
    caFile: values['ca-file'],
    ...(caSecret === undefined ? {} : { caSecret }),
    caSource: oneOf('--ca-source', values['ca-source'], ['self-signed', 'secret']),
    rootChangeHold: wholeNumber('--root-change-hold', values['root-change-hold'], SECONDS, [1, 86_400]),
    certificateLifetime: wholeNumber('--certificate-lifetime', values['certificate-lifetime'], SECONDS, [10, 604_800]),
    ...(trustBundleFile === undefined ? {} : { trustBundleFile }),
    ...parseReplicaFlags(values),
    leaderElection: !values['no-leader-election'],
    leaseDuration: wholeNumber('--lease-duration', values['lease-duration'], SECONDS, [3, 9999]),
    logLevel: oneOf('--log-level', values['log-level'], ['debug', 'info', 'warn', 'error']),
    logFormat: oneOf('--log-format', values['log-format'], ['json', 'pretty']),
    ...(injection === undefined ? {} : { injection }),
  };
}

const SECONDS = 'a number of seconds';

function service(value: string): OperatorFlags['xdsService'] {
  const { host, port } = address('--xds-service', value);
  if (host === undefined) throw new UsageError(`--xds-service is HOST:PORT, not ${value}`);
  return { host, port };
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}; see --help`, { cause });
  }
}
