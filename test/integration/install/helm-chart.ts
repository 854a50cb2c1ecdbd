import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { CHART, helmChart } from '../../../cdk8s/output/helm/chart.ts';
import { type Manifest } from '../../../cdk8s/output/manifest.ts';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { ToolUnavailableError } from '../../../operator/local/tools/tool-error.ts';
import { helmBinary } from '../../tools/helm-binary.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';

/** The real Helm and our chart as files. */
export interface HelmChart extends AsyncDisposable {
  /** Folder of the chart. */
  readonly chart: string;
  /** Standard output of `helm <args>`. Throws what Helm says when it fails. */
  helm(...args: readonly string[]): Promise<string>;
  /** What `helm template` makes of values, by `Kind/name`. */
  render(values: unknown, ...args: readonly string[]): Promise<ReadonlyMap<string, Manifest>>;
}

/** Writes the chart to a folder of its own; undefined where there is neither a built Helm nor Go to build it with. */
export async function openHelmChart(): Promise<HelmChart | undefined> {
  const program = await helmBinary().catch((error: unknown) => {
    if (error instanceof ToolUnavailableError && error.message.startsWith('There is no go command')) return undefined;
    throw error;
  });
  if (program === undefined) return undefined;
  const directory = await scratchDirectory('helm');
  const chart = join(directory, CHART);
  for (const [path, text] of helmChart()) {
    await mkdir(dirname(join(chart, path)), { recursive: true });
    await writeFile(join(chart, path), text);
  }
  // Nothing of the user's own configuration of Helm.
  const env = { ...process.env, HELM_CONFIG_HOME: directory, HELM_CACHE_HOME: directory, HELM_DATA_HOME: directory };
  const helm = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, tail } = await runCommand(program, args, { cwd: directory, env });
    if (exitCode !== 0) throw new Error(`helm ${args.join(' ')}: exit code ${exitCode}\n${tail}`);
    return stdout;
  };
  return {
    chart,
    helm,
    render: async (values, ...args) => {
      const file = join(directory, 'values.json');
      await writeFile(file, JSON.stringify(values));
      return byId(manifestsOf(await helm('template', CHART, chart, '--values', file, ...args)));
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The objects of YAML documents; empty ones are left out. */
export function manifestsOf(yaml: string): readonly Manifest[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    const object = document.toJS() as Manifest | null;
    return object === null ? [] : [object];
  });
}

/** Objects by `Kind/name`, in the order of these. Throws when two have the same. */
export function byId(manifests: readonly Manifest[]): ReadonlyMap<string, Manifest> {
  const found = new Map(manifests.map((manifest) => [`${manifest.kind}/${manifest.metadata.name}`, manifest] as const));
  if (found.size !== manifests.length) throw new Error('two objects have the same kind and name');
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
