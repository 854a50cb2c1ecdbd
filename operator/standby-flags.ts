import { isIP } from 'node:net';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { ListenAddress } from '@dot-kube/proxy/xds';
import type { LogLevel } from './framework/index.ts';
import { address, oneOf, UsageError } from './operator-flags-values.ts';

/** What a standby's command line says. */
export interface StandbyFlags {
  readonly help: boolean;
  readonly kubeconfig?: string;
  /** Names stand for all their addresses. */
  readonly primaries: readonly { readonly host: string; readonly port: number }[];
  /** Default: the host of each. */
  readonly primaryName?: string;
  readonly tokenFile: string;
  readonly rootsFile: string;
  readonly xdsAddress: ListenAddress;
  readonly healthAddress: ListenAddress;
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'pretty';
}

/** What `--standby --help` prints. */
export const standbyUsage = `Usage: dot-kube-operator --standby [flags]

Follows the control plane, and serves proxies that start while it is away what proxies acknowledged last.

  --kubeconfig PATH           The cluster, which reviews tokens. Default: KUBECONFIG, ~/.kube/config, the pod's own account.
  --primary HOST:PORT         A replica of the control plane, at its --standby-address; a name stands for all its addresses;
                              repeatable. Default: dot-kube-replicas.dot-kube-system.svc:15013.
  --primary-name NAME         A name that its certificate has. Default: the host of --primary.
  --token-file PATH           Service account token for the audience dot-kube. Default: /var/run/dot-kube/token.
  --roots-file PATH           What the control plane is verified with: PEM, or as proxies have it.
                              Default: /var/run/dot-kube/roots.json.
  --xds-address HOST:PORT     Where proxies connect to. Default: :15010.
  --health-address HOST:PORT  /livez, /readyz and /metrics. Default: :8081.
  --log-level LEVEL           debug, info, warn or error. Default: info.
  --log-format FORMAT         json or pretty. Default: json.
  --help                      Print this.
`;

const options = {
  standby: { type: 'boolean', default: false },
  kubeconfig: { type: 'string' },
  primary: { type: 'string', multiple: true, default: ['dot-kube-replicas.dot-kube-system.svc:15013'] as string[] },
  'primary-name': { type: 'string' },
  'token-file': { type: 'string', default: '/var/run/dot-kube/token' },
  'roots-file': { type: 'string', default: '/var/run/dot-kube/roots.json' },
  'xds-address': { type: 'string', default: ':15010' },
  'health-address': { type: 'string', default: ':8081' },
  'log-level': { type: 'string', default: 'info' },
  'log-format': { type: 'string', default: 'json' },
  help: { type: 'boolean', default: false },
} satisfies ParseArgsOptionsConfig;

/** Reads the command line. Throws {@link UsageError}. */
export function parseStandbyFlags(args: readonly string[]): StandbyFlags {
  const values = valuesOf(args);
  const { kubeconfig, help, 'primary-name': primaryName } = values;
  return {
    help,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    primaries: values.primary.map((value) => {
      const { host, port } = address('--primary', value);
      if (host === undefined || port === 0) throw new UsageError(`--primary is HOST:PORT, not ${value}`);
      return { host, port };
    }),
    ...(primaryName === undefined ? {} : { primaryName: nameOf(primaryName) }),
    tokenFile: values['token-file'],
    rootsFile: values['roots-file'],
    xdsAddress: address('--xds-address', values['xds-address']),
    healthAddress: address('--health-address', values['health-address']),
    logLevel: oneOf('--log-level', values['log-level'], ['debug', 'info', 'warn', 'error']),
    logFormat: oneOf('--log-format', values['log-format'], ['json', 'pretty']),
  };
}

/** An address cannot be asked for by name: it is that of `--primary`, or none. */
function nameOf(name: string): string {
  if (isIP(name) !== 0) throw new UsageError(`--primary-name is a DNS name, not ${name}`);
  return name;
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}; see --standby --help`, { cause });
  }
}
