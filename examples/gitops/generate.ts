/**
 * `node examples/gitops/generate.ts [--check]`: writes Argo CD's health check for each kind, with the statuses it is tested on, in the shape of the folder
 * `resource_customizations` of Argo CD, and the same as configuration. With `--check` it writes nothing, names what is stale and exits 1.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedFiles } from './testing/generated-files.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const files = await generatedFiles();
if (values.check) {
  for (const [path, text] of files) {
    if ((await readFile(join(import.meta.dirname, path), 'utf8').catch(() => undefined)) === text) continue;
    process.stdout.write(`examples/gitops/${path} is stale: run npm run generate\n`);
    process.exitCode = 1;
  }
} else {
  await rm(join(import.meta.dirname, 'argocd/resource_customizations'), { recursive: true, force: true });
  for (const [path, text] of files) {
    const target = join(import.meta.dirname, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}
