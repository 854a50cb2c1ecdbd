import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from './architecture.ts';

/** Which version of each Debian package images are made of, with the SHA-256 of its file. */
export type DebianLock = Readonly<Record<string, LockedPackage>>;

/** One package of the lock. */
export interface LockedPackage {
  readonly version: string;
  readonly sha256: Readonly<Partial<Record<Architecture, string>>>;
}

const FILE = join(import.meta.dirname, '../../../proxy/image/debian-packages.json');

/** The lock that is committed. */
export async function readDebianLock(): Promise<DebianLock> {
  return JSON.parse(await readFile(FILE, 'utf8')) as DebianLock;
}

/** Writes it anew, sorted. */
export async function writeDebianLock(lock: DebianLock): Promise<void> {
  const sorted = Object.keys(lock)
    .sort()
    .map((name) => [name, lock[name]]);
  await writeFile(FILE, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}
