import { CLUSTER_FLAGS } from '../cluster/flags.ts';
import { type Command, choiceFlag, durationFlag, EXIT, UsageError } from '../command.ts';
import type { UninstallReport } from '../uninstall/run-uninstall.ts';

const FIVE_MINUTES = 300_000;

/** `dotkube uninstall` */
export const uninstall: Command = {
  usage: '[--dry-run] [--crds] [flags]',
  description: [
    'Deletes dot-kube from a cluster: what gives pods their proxies, the operator, all that the operator has made (ConfigMaps',
    'dot-kube-proxy, NetworkPolicies, Leases, the root of the mesh), its rights, and the namespace dot-kube-system. The kinds,',
    'and with them all policies, stay unless --crds says so. Done twice it does nothing.',
    '',
    'While pods have proxies, or policies would be lost unasked, it deletes nothing and says what to do first.',
    '',
    'Exit codes: 0 nothing is left (or, with --dry-run, it was told), 1 it was refused or failed, 2 called wrongly.',
  ].join('\n'),
  flags: {
    ...CLUSTER_FLAGS,
    'dry-run': { type: 'boolean', help: 'say what would be deleted, and delete nothing' },
    crds: {
      type: 'boolean',
      help: 'the kinds too: every MeshPolicy, TrafficSplit and AuthorizationPolicy goes with them',
    },
    force: { type: 'boolean', help: 'although pods have proxies, or policies are lost' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'text (default) or json' },
    timeout: { type: 'string', value: 'TIME', help: 'how long to wait until all is gone; default: 5m' },
    'no-wait': { type: 'boolean', help: 'do not wait until all is gone' },
  },
  async run(call, io) {
    if (call.arguments.length > 0) throw new UsageError(`what is ${call.arguments[0]}?`);
    const format = choiceFlag(call, 'output', ['text', 'json']);
    const timeoutMs = durationFlag(call, 'timeout', FIVE_MINUTES);
    const { systemClock } = await import('../../framework/clock.ts');
    const { withCluster } = await import('../cluster/cluster.ts');
    const { runUninstall } = await import('../uninstall/run-uninstall.ts');
    return await withCluster(call, io, async ({ api }) => {
      const report = await runUninstall({
        api,
        crds: call.flags['crds'] === true,
        force: call.flags['force'] === true,
        dryRun: call.flags['dry-run'] === true,
        wait: call.flags['no-wait'] !== true,
        timeoutMs,
        clock: systemClock,
        signal: io.signal,
        progress: (line) => (format === 'json' ? io.stderr : io.stdout).write(`${line}\n`),
      });
      io.stdout.write(format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : lastWords(report));
      return EXIT.ok;
    });
  },
};

function lastWords({ changes, dryRun, kept, objections, seconds }: UninstallReport): string {
  const lines = kept.map((line) => `stays: ${line}`);
  if (dryRun && objections.length > 0) lines.push('it would be refused, unless with --force:', ...objections);
  if (changes.length === 0) return ['there is no dot-kube here', ...lines, ''].join('\n');
  const done = dryRun
    ? `${changes.length} objects: nothing was done`
    : `${changes.length} objects deleted in ${seconds} s`;
  return ['', done, ...lines, ''].join('\n');
}
