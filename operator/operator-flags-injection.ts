import { isIP } from 'node:net';
import type { ParseArgsOptionsConfig } from 'node:util';
import type { ListenAddress } from '@dot-kube/proxy/xds';
import type { ServerNames } from './controllers/identity/server-certificate.ts';
import { address, ipFamilies, oneOf, UsageError, wholeNumber } from './operator-flags-values.ts';
import { operatorVersion } from './operator-version.ts';
import { DEFAULT_INJECTION, type InjectionSettings, type Resources } from './webhooks/injection/settings.ts';

/** What the command line says of injection. */
export interface InjectionFlags {
  readonly by: 'policy' | 'webhook';
  readonly settings: InjectionSettings;
  readonly webhook: { readonly address: ListenAddress; readonly names: ServerNames };
}

/** The lines of `--help`. */
export const injectionUsage = `\
  --injection BY              What gives pods their proxies: policy (the API server itself, by a MutatingAdmissionPolicy),
                              webhook (this process), or none. Default: none.
  --webhook-address HOST:PORT Where the webhook listens. Default: :15017.
  --webhook-name NAME         A DNS name or an IP address of that; repeatable. Default: dot-kube-webhook.NAMESPACE.svc.
  --proxy-image IMAGE         Of the proxies. Default: dot-kube/proxy of this version.
  --proxy-pull-policy POLICY  Always, IfNotPresent or Never. Default: IfNotPresent.
  --proxy-capture TOOL        What redirects connections: nftables, iptables, or cni. Default: nftables.
  --proxy-concurrency N       Worker threads of a proxy. Default: 1.
  --proxy-log-level LEVEL     debug, info, warning or error. Default: warning.
  --proxy-resources JSON      Requests and limits of a proxy.
                              Default: ${JSON.stringify(DEFAULT_INJECTION.proxy.resources)}.
  --ip-families LIST          Of pods, the first one that of status.podIP: ipv4, ipv6 or ipv4,ipv6. Default: ipv4.
  --drain-seconds N           A deleted pod goes on for so long before it is told to end. Default: 5.
`;

/** As `parseArgs` takes them. */
export const injectionFlagOptions = {
  injection: { type: 'string', default: 'none' },
  'webhook-address': { type: 'string', default: ':15017' },
  'webhook-name': { type: 'string', multiple: true, default: [] as string[] },
  'proxy-image': { type: 'string' },
  'proxy-pull-policy': { type: 'string', default: DEFAULT_INJECTION.imagePullPolicy },
  'proxy-capture': { type: 'string', default: DEFAULT_INJECTION.capture },
  'proxy-concurrency': { type: 'string', default: String(DEFAULT_INJECTION.proxy.concurrency) },
  'proxy-log-level': { type: 'string', default: DEFAULT_INJECTION.proxy.logLevel },
  'proxy-resources': { type: 'string', default: JSON.stringify(DEFAULT_INJECTION.proxy.resources) },
  'ip-families': { type: 'string', default: DEFAULT_INJECTION.families.join(',') },
  'drain-seconds': { type: 'string', default: String(DEFAULT_INJECTION.drainSeconds) },
} satisfies ParseArgsOptionsConfig;

interface Values {
  readonly injection: string;
  readonly 'webhook-address': string;
  readonly 'webhook-name': readonly string[];
  readonly 'proxy-image'?: string;
  readonly 'proxy-pull-policy': string;
  readonly 'proxy-capture': string;
  readonly 'proxy-concurrency': string;
  readonly 'proxy-log-level': string;
  readonly 'proxy-resources': string;
  readonly 'ip-families': string;
  readonly 'drain-seconds': string;
}

/** Undefined when nothing is injected; the flags must be right all the same. Throws {@link UsageError}. */
export function parseInjectionFlags(values: Values, namespace: string): InjectionFlags | undefined {
  const by = oneOf('--injection', values.injection, ['none', 'policy', 'webhook'] as const);
  const names = values['webhook-name'].length > 0 ? values['webhook-name'] : [`dot-kube-webhook.${namespace}.svc`];
  const flags = {
    webhook: { address: address('--webhook-address', values['webhook-address']), names: serverNames(names) },
    settings: settingsOf(values, namespace),
  };
  if (by === 'none') return undefined;
  if (flags.settings.proxyImage === '') {
    throw new UsageError('the version of this operator is not known: give --proxy-image');
  }
  return { by, ...flags };
}

/** DNS names and IP addresses, told apart. */
export function serverNames(names: readonly string[]): ServerNames {
  return {
    dnsNames: names.filter((name) => isIP(name) === 0),
    ipAddresses: names.filter((name) => isIP(name) !== 0),
  };
}

function settingsOf(values: Values, namespace: string): InjectionSettings {
  const { proxy, systemNamespaces } = DEFAULT_INJECTION;
  return {
    ...DEFAULT_INJECTION,
    proxyImage: values['proxy-image'] ?? defaultProxyImage(),
    imagePullPolicy: oneOf('--proxy-pull-policy', values['proxy-pull-policy'], ['Always', 'IfNotPresent', 'Never']),
    capture: oneOf('--proxy-capture', values['proxy-capture'], ['nftables', 'iptables', 'cni']),
    families: ipFamilies(values['ip-families']),
    proxy: {
      ...proxy,
      concurrency: wholeNumber('--proxy-concurrency', values['proxy-concurrency'], 'a number of threads', [1, 64]),
      logLevel: oneOf('--proxy-log-level', values['proxy-log-level'], ['debug', 'info', 'warning', 'error']),
      resources: resourcesOf(values['proxy-resources']),
    },
    drainSeconds: wholeNumber('--drain-seconds', values['drain-seconds'], 'a number of seconds', [0, 3600]),
    systemNamespaces: [...new Set([...systemNamespaces, namespace])],
  };
}

/** Empty where the version is not known. */
function defaultProxyImage(): string {
  const version = operatorVersion();
  return version === undefined ? '' : `dot-kube/proxy:${version}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function resourcesOf(text: string): Resources {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const isQuantities = (part: unknown): boolean =>
    isRecord(part) && Object.values(part).every((quantity) => typeof quantity === 'string');
  const isResources =
    isRecord(value) &&
    Object.entries(value).every(([name, part]) => ['requests', 'limits'].includes(name) && isQuantities(part));
  if (!isResources) {
    throw new UsageError(`--proxy-resources is JSON like {"limits":{"memory":"256Mi"}}, not ${text}`);
  }
  return value as Resources;
}
