import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CLUSTER_FLAGS } from '../cluster/flags.ts';
import {
  type Command,
  type CommandCall,
  type CommandIo,
  choiceFlag,
  durationFlag,
  EXIT,
  textFlags,
  UsageError,
} from '../command.ts';
import type { InstallReport } from '../install/run-install.ts';
import type { Values } from '../install/values.ts';
import { ownVersion } from '../own-version.ts';

const FIVE_MINUTES = 300_000;

/** `dotkube install` */
export const install: Command = {
  usage: '[--dry-run] [--values FILE] [--set PATH=VALUE] [flags]',
  description: [
    'Installs dot-kube in a cluster, or brings what is there to this version: applies the kinds, the namespace',
    'dot-kube-system and the operator by server-side apply (field manager dotkube-install), removes what an earlier version',
    'had and this one has not, and waits until all of it runs. Done twice it changes nothing.',
    '',
    'The objects are those of npm run synth, and the values are those of the Helm chart. Where nobody says how pods get their',
    'proxies (injection.by), it is by MutatingAdmissionPolicy if the cluster serves that (Kubernetes 1.36), else by webhook.',
    '',
    'dotkube install --dry-run',
    'dotkube install --set image.registry=registry.example --set replicas=3',
    'dotkube install -o yaml > dot-kube.yaml',
    '',
    'Exit codes: 0 installed (or, with --dry-run, it can be), 1 it failed or is not ready in time, 2 called wrongly.',
  ].join('\n'),
  flags: {
    ...CLUSTER_FLAGS,
    'dry-run': { type: 'boolean', help: 'ask the API server what would change, and change nothing' },
    values: {
      type: 'string',
      short: 'f',
      multiple: true,
      value: 'FILE',
      help: 'values as for the Helm chart; repeatable, the last one wins',
    },
    set: {
      type: 'string',
      multiple: true,
      value: 'PATH=VALUE',
      help: 'one value, over those of files: replicas=3; repeatable',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      help: 'text (default), json, or yaml: the objects, without a cluster',
    },
    timeout: { type: 'string', value: 'TIME', help: 'how long to wait until it runs; default: 5m' },
    'no-wait': { type: 'boolean', help: 'do not wait until the operator runs' },
    'roll-back': { type: 'boolean', help: 'go back to this version from a later one' },
    'force-conflicts': { type: 'boolean', help: 'take fields over that somebody else has set' },
    force: { type: 'boolean', help: 'although Argo CD, Flux or Helm keep it, or the cluster is too old' },
  },
  async run(call, io) {
    if (call.arguments.length > 0) throw new UsageError(`what is ${call.arguments[0]}? Values are given by --set`);
    const format = choiceFlag(call, 'output', ['text', 'json', 'yaml']);
    const timeoutMs = durationFlag(call, 'timeout', FIVE_MINUTES);
    const { injectionValues, loadCharts, render } = await import('../install/charts.ts');
    const { mergedValues } = await import('../install/values.ts');
    const charts = await loadCharts();
    const given = mergedValues(await givenValues(call, io));
    if (format === 'yaml') {
      const { crds, system } = await render(charts, given);
      io.stdout.write(charts.manifestYaml([...crds, ...system]));
      return EXIT.ok;
    }
    await render(charts, given);
    const { withCluster } = await import('../cluster/cluster.ts');
    const { servesInjectionPolicies } = await import('../cluster/served.ts');
    const { runInstall } = await import('../install/run-install.ts');
    const { systemClock } = await import('../../framework/clock.ts');
    return await withCluster(call, io, async (cluster) => {
      const chosen = injectionValues(charts, given, await servesInjectionPolicies(cluster));
      const report = await runInstall({
        cluster,
        objects: await render(charts, mergedValues([given, chosen])),
        version: await ownVersion(),
        dryRun: call.flags['dry-run'] === true,
        wait: call.flags['no-wait'] !== true,
        timeoutMs,
        rollBack: call.flags['roll-back'] === true,
        forceConflicts: call.flags['force-conflicts'] === true,
        force: call.flags['force'] === true,
        clock: systemClock,
        signal: io.signal,
        progress: (line) => (format === 'json' ? io.stderr : io.stdout).write(`${line}\n`),
      });
      io.stdout.write(format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : lastWords(report));
      return EXIT.ok;
    });
  },
};

async function givenValues(call: CommandCall, io: CommandIo): Promise<readonly Values[]> {
  const { parse } = await import('yaml');
  const { setValue, valuesOf } = await import('../install/values.ts');
  const files = await Promise.all(
    textFlags(call, 'values').map(async (file) => {
      const text = file === '-' ? await io.readStdin() : await readValues(file, io);
      try {
        return valuesOf(parse(text), file);
      } catch (cause) {
        if (cause instanceof UsageError) throw cause;
        throw new UsageError(`${file} is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, {
          cause,
        });
      }
    }),
  );
  return [...files, ...textFlags(call, 'set').map((text) => setValue(text, parse))];
}

async function readValues(file: string, io: CommandIo): Promise<string> {
  return await readFile(resolve(io.workingDirectory, file), 'utf8').catch((cause: unknown) => {
    throw new UsageError(`there is no file ${file}`, { cause });
  });
}

function lastWords({ changes, dryRun, ready, seconds }: InstallReport): string {
  const count = (wanted: string): number => changes.filter(({ change }) => change === wanted).length;
  const counts = `${count('created')} created, ${count('changed')} changed, ${count('unchanged')} unchanged, ${count('deleted')} deleted`;
  if (dryRun) return `\n${counts}: nothing was done\n`;
  const state = ready
    ? `dot-kube runs after ${seconds} s`
    : `applied in ${seconds} s; dotkube check tells whether it runs`;
  return [
    '',
    `${state} (${counts})`,
    'Next: give the pods of a namespace their proxies, and start them again:',
    '  kubectl label namespace NAME mesh.dot-kube.io/inject=enabled',
    '  kubectl -n NAME rollout restart deployment',
    '',
  ].join('\n');
}
