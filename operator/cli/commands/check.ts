import { CLUSTER_FLAGS, OUTPUT_FLAG } from '../cluster/flags.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { ownVersion } from '../own-version.ts';

/** `dotkube check` */
export const check: Command = {
  usage: '[-o table|json|yaml]',
  description: [
    'Checks whether a cluster can have dot-kube, and once it has, whether all of it is well: the API server, its version, your',
    'rights, clocks, the kinds, the operator and its leader, certificates and how long they last, whether pods get their',
    'proxies (tried without storing anything), whether proxies are in sync, and versions. Each check is one line, with what to',
    'do below it. What you may not look at is skipped.',
    '',
    'Exit codes: 0 nothing has failed (there may be warnings), 1 something has, 2 called wrongly.',
  ].join('\n'),
  flags: { ...CLUSTER_FLAGS, ...OUTPUT_FLAG },
  async run(call, io) {
    if (call.arguments.length > 0) throw new UsageError(`what is ${call.arguments[0]}?`);
    const { withCluster } = await import('../cluster/cluster.ts');
    const { gatherFacts } = await import('../check/gather.ts');
    const { checkText, runChecks } = await import('../check/run-checks.ts');
    const { print } = await import('../cluster/print.ts');
    return await withCluster(call, io, async (cluster) => {
      const report = runChecks(await gatherFacts(cluster, await ownVersion()));
      await print(call, io, report, checkText);
      return report.passed ? EXIT.ok : EXIT.failed;
    });
  },
};
