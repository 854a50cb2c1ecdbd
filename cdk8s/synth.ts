/**
 * `node cdk8s/synth.ts [--check] [--output DIRECTORY] [--golden DIRECTORY]`: writes the system as plain YAML, as a kustomize base and as a Helm chart to
 * `cdk8s/dist`, or to the given folder, and what is committed of it to `cdk8s/golden`, unless only the first folder is given. With `--check` it writes
 * nothing, names what is stale in `cdk8s/golden` and exits 1.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { committedFiles, type Files, outputFiles } from './output/files.ts';

async function writeFiles(directory: string, files: Files): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  for (const [path, text] of files) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

async function staleIn(directory: string, files: Files): Promise<readonly string[]> {
  const present = await readdir(directory, { recursive: true }).catch(() => []);
  const stale = present.filter((path) => !files.has(path));
  for (const [path, text] of files) {
    const present = await readFile(join(directory, path), 'utf8').catch(() => undefined);
    if (present !== text) stale.push(path);
  }
  return stale;
}

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, output: { type: 'string' }, golden: { type: 'string' } },
});
const output = outputFiles();
const committed = committedFiles(output);
const golden = values.golden ?? join(import.meta.dirname, 'golden');
if (values.check) {
  const stale = await staleIn(golden, committed);
  for (const path of stale) process.stdout.write(`cdk8s/golden/${path} is stale: run npm run synth\n`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  const directory = values.output ?? join(import.meta.dirname, 'dist');
  await writeFiles(directory, output);
  if (values.output === undefined || values.golden !== undefined) await writeFiles(golden, committed);
  process.stdout.write(`${output.size} files in ${directory}\n`);
}
