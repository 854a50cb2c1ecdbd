import type { StatusReport } from '../../local/status/status-report.ts';
import { type Command, type CommandCall, type CommandIo, choiceFlag, EXIT, textFlag } from '../command.ts';

/** `dotkube status` */
export const status: Command = {
  usage: '[-o table|json|yaml] [--run-dir DIR | --kubeconfig FILE [--context NAME]]',
  description: [
    'Shows for every MeshPolicy, TrafficSplit and AuthorizationPolicy whether it is accepted, complete and in force, with',
    'the reason where it is not, and for every proxy whether it has what it is to have.',
    '',
    'Without flags it asks the dotkube up of this folder, or of one around it; with --kubeconfig or --context a cluster, whose',
    'proxies are known to those who may forward ports in dot-kube-system.',
    '',
    'Exit codes: 0 it was told (with --exit-code: and all is well), 1 it was not, 2 called wrongly.',
  ].join('\n'),
  flags: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default), json or yaml' },
    'run-dir': { type: 'string', value: 'DIR', help: 'the folder that dotkube up was given as its --run-dir' },
    kubeconfig: { type: 'string', value: 'FILE', help: 'ask the API server of a cluster' },
    context: { type: 'string', value: 'NAME', help: 'the context of the kubeconfig; default: the current one' },
    'exit-code': { type: 'boolean', help: 'exit with 1 unless all is in force and in sync' },
  },
  async run(call, io) {
    const format = choiceFlag(call, 'output', ['table', 'json', 'yaml']);
    const report = await ask(call, io);
    const { isWell, statusText } = await import('../status/status-text.ts');
    if (format === 'json') io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    else if (format === 'yaml') io.stdout.write((await import('yaml')).stringify(report));
    else {
      const { paletteFor } = await import('../../local/terminal/palette.ts');
      io.stdout.write(statusText(report, paletteFor(io.stdout, io.environment)));
    }
    return call.flags['exit-code'] === true && !isWell(report) ? EXIT.failed : EXIT.ok;
  },
};

async function ask(call: CommandCall, io: CommandIo): Promise<StatusReport> {
  if (textFlag(call, 'kubeconfig') === undefined && textFlag(call, 'context') === undefined) {
    const { askForStatus } = await import('../status/ask.ts');
    return await askForStatus({ runDirectory: textFlag(call, 'run-dir'), workingDirectory: io.workingDirectory });
  }
  const { withCluster } = await import('../cluster/cluster.ts');
  const { askCluster } = await import('../status/ask-cluster.ts');
  return await withCluster(call, io, askCluster);
}
