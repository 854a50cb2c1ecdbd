/**
 * `node test/tools/build.ts [--output DIRECTORY]`: makes of each workspace a folder that can be published, in `dist/packages` or the given one:
 * JavaScript, type declarations, what is read at run time, and a package.json that names these. Nothing in the checkout needs them: Node.js runs
 * the TypeScript. Packages do, since it refuses to below `node_modules`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type PackageJson, publishedPackage } from './published-package.ts';

const ROOT = join(import.meta.dirname, '../..');
const WORKSPACES = ['proxy', 'operator', 'cdk8s'];

/** Files that the compiler does not write: generated JavaScript with its declarations, and lists. */
const COPIED = ['*.js', '*.d.ts', '*.txt'];

const { values } = parseArgs({ options: { output: { type: 'string' } } });
const output = resolve(values.output ?? join(ROOT, 'dist/packages'));
for (const workspace of WORKSPACES) rmSync(join(output, workspace), { recursive: true, force: true });

// All at once: the operator installs the charts, which have the policies of the operator.
const project = join(import.meta.dirname, 'tsconfig.build.json');
const compiled = join(output, '.compiled');
rmSync(compiled, { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', project, '--outDir', compiled], { cwd: ROOT, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const workspace of WORKSPACES) {
  renameSync(join(compiled, workspace), join(output, workspace));
  copyFiles(workspace);
  writePackageJson(workspace);
}
rmSync(compiled, { recursive: true, force: true });
cpSync(join(ROOT, 'crds'), join(output, 'cdk8s/crds'), { recursive: true, filter: (path) => !path.endsWith('.md') });

function copyFiles(workspace: string): void {
  const directory = join(ROOT, workspace);
  const listed = execFileSync('git', ['ls-files', '-z', ...COPIED], { cwd: directory, encoding: 'utf8' });
  const paths = listed.split('\0').filter((name) => name !== '' && !name.includes('/dump/'));
  for (const path of [...paths, 'README.md']) {
    const target = join(output, workspace, path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(directory, path), target);
  }
  copyFileSync(join(ROOT, 'LICENSE'), join(output, workspace, 'LICENSE'));
  // Where a map leads to is not in the package.
  for (const map of globSync('**/*.js.map', { cwd: join(output, workspace) })) {
    const file = join(output, workspace, map);
    const content = JSON.parse(readFileSync(file, 'utf8')) as { readonly sources: readonly string[] };
    const sources = content.sources.map((source) => basename(source));
    writeFileSync(file, JSON.stringify({ ...content, sources }));
  }
}

function writePackageJson(workspace: string): void {
  const own = JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8')) as PackageJson;
  const published = publishedPackage(own, (path) => existsSync(join(output, workspace, path)));
  writeFileSync(join(output, workspace, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
}
