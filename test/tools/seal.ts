import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Hash (SHA-256, hexadecimal) by generator name. */
export type Seals = Readonly<Record<string, string>>;

/** The hash of files and folders, by path and content; the order of `paths` does not matter. */
export async function sealOf(root: string, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const files = (await Promise.all(paths.map((path) => filesUnder(root, path)))).flat();
  for (const path of files.toSorted()) {
    const content = createHash('sha256').update(await readFile(join(root, path)));
    hash.update(`${content.digest('hex')} ${path}\n`);
  }
  return hash.digest('hex');
}

/** The seals of a file; none when it does not exist. */
export async function readSeals(path: string): Promise<Seals> {
  const content = await readFile(path, 'utf8').catch(() => '{}');
  return JSON.parse(content) as Seals;
}

/** Writes seals in the order of their names. */
export async function writeSeals(path: string, seals: Seals): Promise<void> {
  const sorted = Object.entries(seals).toSorted(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(path, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}

async function filesUnder(root: string, path: string): Promise<readonly string[]> {
  if ((await stat(join(root, path))).isFile()) return [path];
  const entries = await readdir(join(root, path), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
