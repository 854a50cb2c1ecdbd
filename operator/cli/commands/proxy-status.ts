import { CLUSTER_FLAGS, NAMESPACE_FLAG, OUTPUT_FLAG } from '../cluster/flags.ts';
import { type Command, EXIT, textFlag, UsageError } from '../command.ts';

/** `dotkube proxy-status` */
export const proxyStatus: Command = {
  usage: '[POD] [-n NAMESPACE] [-o table|json|yaml]',
  description: [
    'Shows for every proxy and type of configuration whether it has what it is to have: SYNCED, STALE (sent, and not yet',
    "acknowledged) or NACK (refused, with Envoy's own words); and which proxies are connected to no replica of the operator.",
    '',
    'Every replica is asked through the API server, which needs the right to forward ports in dot-kube-system (get and create',
    'of pods/portforward). With --run-dir the dotkube up of that folder is asked.',
    '',
    'Exit codes: 0 it was told (with --exit-code: and all are in sync), 1 it was not, 2 called wrongly.',
  ].join('\n'),
  flags: {
    ...CLUSTER_FLAGS,
    ...NAMESPACE_FLAG,
    namespace: {
      ...NAMESPACE_FLAG.namespace,
      help: 'proxies of this namespace alone; default: all, or for a POD that of the context',
    },
    ...OUTPUT_FLAG,
    'run-dir': { type: 'string', value: 'DIR', help: 'ask the dotkube up that was given this folder as its --run-dir' },
    'exit-code': { type: 'boolean', help: 'exit with 1 unless all proxies are in sync' },
  },
  async run(call, io) {
    const [pod, ...more] = call.arguments;
    if (more.length > 0) throw new UsageError('one pod, or none for all');
    const { print } = await import('../cluster/print.ts');
    const { chosenProxies, inSync, proxyStatusText } = await import('../proxy-status/proxy-status-report.ts');
    const runDirectory = textFlag(call, 'run-dir');
    const given = textFlag(call, 'namespace');
    const asked = await (runDirectory === undefined ? askCluster() : askRun(runDirectory));
    const namespace = given ?? (pod === undefined ? undefined : asked.namespace);
    const filter = { ...(namespace !== undefined && { namespace }), ...(pod !== undefined && { pod }) };
    const report = { proxies: chosenProxies(asked.proxies, filter), notes: asked.notes };
    if (pod !== undefined && report.proxies.length === 0)
      throw new Error(`the mesh has no proxy of pod ${namespace}/${pod}; dotkube describe pod ${pod} tells more`);
    await print(call, io, report, proxyStatusText);
    return call.flags['exit-code'] === true && !inSync(report) ? EXIT.failed : EXIT.ok;

    async function askCluster() {
      const { withCluster } = await import('../cluster/cluster.ts');
      const { askReplicas } = await import('../proxy-status/ask-replicas.ts');
      const { notesOn } = await import('../proxy-status/notes.ts');
      return await withCluster(call, io, async (cluster) => {
        const answers = await askReplicas(cluster);
        return { proxies: answers.proxies, notes: notesOn(answers), namespace: cluster.namespace };
      });
    }

    async function askRun(folder: string) {
      const { askForStatus } = await import('../status/ask.ts');
      const { proxies = [] } = await askForStatus({ runDirectory: folder, workingDirectory: io.workingDirectory });
      return { proxies, notes: [], namespace: 'default' };
    }
  },
};
