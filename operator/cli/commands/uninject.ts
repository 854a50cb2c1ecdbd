import { type Command, UsageError } from '../command.ts';

/** `dotkube uninject` */
export const uninject: Command = {
  usage: 'FILE|DIR|- …',
  description: [
    'Takes the proxies away that dotkube inject has given to pods, and prints the files as they were: probes, hooks and all.',
    'What becomes of each workload is told on standard error. Other objects, comments and order stay as they are.',
    '',
    'kubectl get deployments -o yaml | dotkube uninject - | kubectl apply -f -',
    '',
    'Exit codes: 0 done, 1 a file cannot be read as YAML (nothing is printed then), 2 called wrongly.',
  ].join('\n'),
  flags: {},
  async run(call, io) {
    if (call.arguments.length === 0) throw new UsageError('which files?');
    const { uninjectWorkload } = await import('../inject/inject-workload.ts');
    const { runChange } = await import('../inject/run-change.ts');
    return await runChange(call.arguments, io, uninjectWorkload);
  },
};
