import { resolve } from 'node:path';
import { CLUSTER_FLAGS, NAMESPACE_FLAG, OUTPUT_FLAG } from '../cluster/flags.ts';
import { type Command, type CommandCall, type CommandIo, EXIT, textFlag, UsageError } from '../command.ts';
import type { ConfigDump } from '../proxy-config/dump.ts';

/** `dotkube proxy-config` */
export const proxyConfig: Command = {
  usage: 'POD [listeners|routes|clusters|endpoints|secrets|all] [-n NAMESPACE] [-o table|json|yaml]',
  description: [
    'Shows what the proxy of a pod has: its listeners, routes, clusters, endpoints and secrets, with the Kubernetes object that',
    'each comes from. Clusters and routes are there as soon as the pod has called that Service. Keys are never shown.',
    '',
    "It is read from Envoy's admin interface, which listens on the pod's own loopback, through the API server: that needs the",
    'right to forward ports (get and create of pods/portforward). With --run-dir it is a pod of dotkube up.',
    '',
    'Exit codes: 0 it was told, 1 it was not, 2 called wrongly.',
  ].join('\n'),
  flags: {
    ...CLUSTER_FLAGS,
    ...NAMESPACE_FLAG,
    ...OUTPUT_FLAG,
    'run-dir': {
      type: 'string',
      value: 'DIR',
      help: 'a pod of the dotkube up that was given this folder as its --run-dir',
    },
  },
  async run(call, io) {
    const [pod, wanted = 'all', ...more] = call.arguments;
    if (pod === undefined || more.length > 0) throw new UsageError('which pod, and which part of its configuration?');
    const { SECTIONS } = await import('../proxy-config/dump.ts');
    const sections = SECTIONS.filter((section) => wanted === 'all' || wanted === section);
    if (sections.length === 0) throw new UsageError(`there is no ${wanted}, but ${SECTIONS.join(', ')} and all`);
    const { print } = await import('../cluster/print.ts');
    const { proxyConfigReport, proxyConfigText } = await import('../proxy-config/proxy-config-text.ts');
    const report = proxyConfigReport(await dumpOf(pod, call, io), sections);
    await print(call, io, report, (each, palette) => proxyConfigText(each, palette, Date.now()));
    return EXIT.ok;
  },
};

async function dumpOf(pod: string, call: CommandCall, io: CommandIo): Promise<ConfigDump> {
  const { dumpOfLocal, dumpOfPod } = await import('../proxy-config/ask-admin.ts');
  const runDirectory = textFlag(call, 'run-dir');
  if (runDirectory !== undefined)
    return await dumpOfLocal(resolve(io.workingDirectory, runDirectory), textFlag(call, 'namespace'), pod);
  const { withCluster } = await import('../cluster/cluster.ts');
  return await withCluster(call, io, (cluster) => dumpOfPod(cluster, pod));
}
