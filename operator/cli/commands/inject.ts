import { type Command, choiceFlag, textFlag, UsageError } from '../command.ts';
import { ownVersion } from '../own-version.ts';

/** `dotkube inject` */
export const inject: Command = {
  usage: 'FILE|DIR|- … [flags]',
  description: [
    'Gives the pods of all workloads in the files proxies, and prints the files with that change: kubectl apply -f - takes them.',
    'The cluster does the same by itself in namespaces with the label mesh.dot-kube.io/inject: enabled; here it is not asked for.',
    'What becomes of each workload is told on standard error. Other objects, comments and order stay as they are.',
    '',
    'dotkube inject shop.yaml | kubectl apply -f -',
    '',
    'Exit codes: 0 done, 1 a workload cannot get a proxy (nothing is printed then), 2 called wrongly.',
  ].join('\n'),
  flags: {
    image: { type: 'string', value: 'IMAGE', help: 'image of the proxy (default: dot-kube/proxy of this version)' },
    capture: {
      type: 'string',
      value: 'TOOL',
      help: 'what redirects connections: nftables (default), iptables, or cni for a CNI plugin',
    },
    'ip-families': { type: 'string', value: 'LIST', help: 'of pods: ipv4 (default), ipv6 or ipv4,ipv6' },
    namespace: {
      type: 'string',
      short: 'n',
      value: 'NAME',
      help: 'where objects go that do not say so (default: default)',
    },
  },
  async run(call, io) {
    if (call.arguments.length === 0) throw new UsageError('which files?');
    const capture = choiceFlag(call, 'capture', ['nftables', 'iptables', 'cni']);
    const families = choiceFlag(call, 'ip-families', ['ipv4', 'ipv6', 'ipv4,ipv6', 'ipv6,ipv4']).split(',');
    const { DEFAULT_INJECTION } = await import('../../webhooks/injection/settings.ts');
    const { injectWorkload } = await import('../inject/inject-workload.ts');
    const { runChange } = await import('../inject/run-change.ts');
    const settings = {
      ...DEFAULT_INJECTION,
      capture,
      families: families as ('ipv4' | 'ipv6')[],
      proxyImage: textFlag(call, 'image') ?? `dot-kube/proxy:${await ownVersion()}`,
    };
    const namespace = textFlag(call, 'namespace') ?? 'default';
    return await runChange(call.arguments, io, (workload) => injectWorkload(workload, namespace, settings));
  },
};
