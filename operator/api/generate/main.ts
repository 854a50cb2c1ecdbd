import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { generateConstructs } from './constructs.ts';
import { kebabCase, readCustomResources } from './custom-resource.ts';
import { generateFindingReference } from './finding-reference.ts';
import { generateReference } from './reference.ts';
import { generateTypes } from './types.ts';
import { generateValidators } from './validators.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Every generated file, by its path from the root of the repository. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const resources = readCustomResources(join(ROOT, 'crds'));
  const files = new Map<string, string>();
  for (const [name, content] of generateTypes(resources)) files.set(`operator/api/generated/${name}`, content);
  for (const [name, content] of generateValidators(resources))
    files.set(`operator/validation/generated/${name}`, content);
  for (const [name, content] of generateConstructs(resources)) files.set(`cdk8s/generated/${name}`, content);
  // A missing example is no reason to stop here: the tests of the examples say which one it is.
  const example = (path: string) => currentContent(join('test/golden', path)) ?? '';
  const reference = generateReference(resources, ({ kind }) => example(`valid/${kebabCase(kind)}.yaml`));
  files.set('crds/README.md', reference);
  const findings = generateFindingReference(resources, (code) => example(`findings/${code}/bad.yaml`));
  files.set('operator/findings/README.md', findings);
  return files;
}

/** Those of the generated files whose content on disk is another. */
export function staleFiles(): readonly string[] {
  return [...generatedFiles()].filter(([path, content]) => currentContent(path) !== content).map(([path]) => path);
}

function currentContent(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return undefined;
  }
}

function main(): void {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const stale = staleFiles();
  if (values.check) {
    for (const path of stale) process.stderr.write(`${path} is not what crds/ says: run npm run generate\n`);
    process.exitCode = stale.length === 0 ? 0 : 1;
    return;
  }
  const files = generatedFiles();
  for (const path of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), files.get(path) ?? '');
    process.stdout.write(`${relative(process.cwd(), join(ROOT, path))}\n`);
  }
}

if (import.meta.main) main();
