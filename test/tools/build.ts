/**
 * `node test/tools/build.ts`: compiles the workspaces to JavaScript and type declarations in their `dist` folders, and copies what they read at run time.
 * Nothing in the checkout needs it: Node.js runs the TypeScript. Packages do, since it refuses to below `node_modules`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const WORKSPACES = ['proxy', 'operator'];

/** Files that the compiler does not write: generated JavaScript with its declarations, and lists. */
const COPIED = ['*.js', '*.d.ts', '*.txt'];

for (const workspace of WORKSPACES) rmSync(join(ROOT, workspace, 'dist'), { recursive: true, force: true });
const projects = WORKSPACES.map((workspace) => join(workspace, 'tsconfig.build.json'));
const { status } = spawnSync('tsc', ['-b', '--force', ...projects], { cwd: ROOT, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const workspace of WORKSPACES) {
  const directory = join(ROOT, workspace);
  const listed = execFileSync('git', ['ls-files', '-z', ...COPIED], { cwd: directory, encoding: 'utf8' });
  for (const path of listed.split('\0').filter((name) => name !== '' && !name.includes('/dump/'))) {
    const target = join(directory, 'dist', path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(directory, path), target);
  }
}
