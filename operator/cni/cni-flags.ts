import { parseArgs } from 'node:util';
import type { IpFamily } from '@dot-kube/proxy/init';
import type { LogLevel } from '../framework/index.ts';
import { ipFamilies, oneOf, UsageError, wholeNumber } from '../operator-flags-values.ts';

/** What the agent's command line says. */
export interface CniFlags {
  readonly help: boolean;
  readonly kubeconfig?: string;
  /** The agent's own DaemonSet: where it is gone, the plugin goes too. */
  readonly namespace: string;
  readonly daemonSet: string;
  readonly socket: string;
  readonly program: string;
  readonly binDirectory: string;
  readonly configDirectory: string;
  readonly families: readonly IpFamily[];
  readonly excludeNamespaces: readonly string[];
  readonly healthPort: number;
  readonly logLevel: LogLevel;
}

/** What `--help` prints. */
export const cniUsage = `Usage: dot-kube-cni [flags]

Redirects the connections of a node's pods to their proxies, for pods without an init container that does.

  --kubeconfig PATH          The cluster. Default: KUBECONFIG, ~/.kube/config, the pod's own service account.
  --namespace NAME           Where the agent's DaemonSet is. Default: dot-kube-cni.
  --daemon-set NAME          Its name: when it is gone, the plugin is taken off the node. Default: dot-kube-cni.
  --socket PATH              Where the plugin asks; the same path on the host. Default: /var/run/dot-kube-cni/agent.sock.
  --program PATH             The plugin's program. Default: /opt/dot-kube/bin/dot-kube-cni.
  --bin-directory PATH       The host's CNI plugins. Default: /host/opt/cni/bin.
  --config-directory PATH    The host's CNI configurations. Default: /host/etc/cni/net.d.
  --ip-families LIST         Of pods: ipv4, ipv6, ipv4,ipv6 or ipv6,ipv4. Default: ipv4.
  --exclude-namespace NAME   Pods there start without asking the agent, as they do in kube-system, kube-public, kube-node-lease,
                             dot-kube-system and dot-kube-cni; repeatable. None of them can have a proxy then.
  --health-port PORT         /livez, /readyz and /metrics on the node's loopback address. Default: 15023.
  --log-level LEVEL          debug, info, warn or error. Default: info.
  --help                     Print this.
`;

/** Nodes come up, and the mesh does, although no agent answers. */
const EXCLUDED = ['kube-system', 'kube-public', 'kube-node-lease', 'dot-kube-system', 'dot-kube-cni'];

const options = {
  kubeconfig: { type: 'string' },
  namespace: { type: 'string', default: 'dot-kube-cni' },
  'daemon-set': { type: 'string', default: 'dot-kube-cni' },
  socket: { type: 'string', default: '/var/run/dot-kube-cni/agent.sock' },
  program: { type: 'string', default: '/opt/dot-kube/bin/dot-kube-cni' },
  'bin-directory': { type: 'string', default: '/host/opt/cni/bin' },
  'config-directory': { type: 'string', default: '/host/etc/cni/net.d' },
  'ip-families': { type: 'string', default: 'ipv4' },
  'exclude-namespace': { type: 'string', multiple: true, default: [] as string[] },
  'health-port': { type: 'string', default: '15023' },
  'log-level': { type: 'string', default: 'info' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the command line. Throws {@link UsageError}. */
export function parseCniFlags(args: readonly string[]): CniFlags {
  const values = valuesOf(args);
  return {
    help: values.help,
    ...(values.kubeconfig === undefined ? {} : { kubeconfig: values.kubeconfig }),
    namespace: values.namespace,
    daemonSet: values['daemon-set'],
    socket: values.socket,
    program: values.program,
    binDirectory: values['bin-directory'],
    configDirectory: values['config-directory'],
    families: ipFamilies(values['ip-families']),
    excludeNamespaces: [...new Set([...EXCLUDED, ...values['exclude-namespace']])],
    healthPort: wholeNumber('--health-port', values['health-port'], 'a port', [0, 65_535]),
    logLevel: oneOf('--log-level', values['log-level'], ['debug', 'info', 'warn', 'error']),
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}; see --help`, { cause });
  }
}
