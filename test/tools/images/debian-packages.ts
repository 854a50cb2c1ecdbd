import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from '../../../operator/local/tools/file-lock.ts';
import type { Progress } from '../../../operator/local/tools/progress.ts';
import { type Apt, freshApt, machineApt, type ServedPackage } from './apt.ts';
import type { Architecture } from './architecture.ts';
import { type DebianLock, readDebianLock } from './debian-lock.ts';

/** A Debian package on this machine. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** Path of its file. */
  readonly path: string;
}

/** What to fetch, and how strictly. */
export interface DebianPackagesOptions {
  readonly cache: string;
  readonly architecture: Architecture;
  /** A version that is not served any more is an error; else the one that is served takes its place. */
  readonly locked: boolean;
  readonly progress: Progress;
  /** Default: that of the checkout. */
  readonly lock?: DebianLock;
  /** Default: the real one, with this machine's lists first and fresh ones where those do not do. */
  readonly apts?: { readonly machine: Apt; fresh(): Promise<Apt> };
}

/** The packages by name, in the versions of the lock, from the cache or by apt. Nothing is installed. */
export async function debianPackages(
  names: readonly string[],
  options: DebianPackagesOptions,
): Promise<ReadonlyMap<string, DebianPackage>> {
  const directory = join(options.cache, 'images', 'debian', options.architecture);
  await mkdir(directory, { recursive: true });
  const lock = options.lock ?? (await readDebianLock());
  const { architecture, progress } = options;
  const found = new Map<string, DebianPackage>();
  for (const name of names) {
    const cached = await cachedPackage(name, lock, directory, architecture);
    if (cached !== undefined) found.set(name, cached);
  }
  const missing = names.filter((name) => !found.has(name));
  if (missing.length === 0) return found;
  const task = `Debian packages for ${architecture}`;
  progress({ task, state: 'running', detail: `downloading ${missing.length} with apt` });
  // Lists of apt are one process's at a time.
  const served = await withFileLock(
    join(directory, '.lock'),
    async () =>
      (await downloadByMachine(missing, lock, directory, options)) ??
      (await downloadFresh(missing, lock, directory, options)),
    (holder) => progress({ task, state: 'running', detail: `waiting for process ${holder}, which is at it` }),
  );
  for (const each of served) found.set(each.name, await verified(each, lock, directory, architecture));
  progress({ task, state: 'done', detail: `${missing.length} downloaded` });
  return found;
}

/** The versions that apt would install now, from fresh lists. */
export async function newestPackages(
  names: readonly string[],
  options: Pick<DebianPackagesOptions, 'cache' | 'architecture'>,
): Promise<readonly ServedPackage[]> {
  const directory = join(options.cache, 'images', 'debian', options.architecture);
  return (await freshApt(join(directory, 'apt'), options.architecture)).served(names);
}

async function cachedPackage(
  name: string,
  lock: DebianLock,
  directory: string,
  architecture: Architecture,
): Promise<DebianPackage | undefined> {
  const locked = lock[name];
  const sha256 = locked?.sha256[architecture];
  if (locked === undefined || sha256 === undefined) return undefined;
  const version = locked.version.replaceAll(':', '%3a');
  for (const suffix of [architecture, 'all']) {
    const path = join(directory, `${name}_${version}_${suffix}.deb`);
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes !== undefined && digest(bytes) === sha256) return { name, version: locked.version, sha256, path };
  }
  return undefined;
}

/** By the lists of this machine, if they know all in the versions of the lock and those are served still. */
async function downloadByMachine(
  names: readonly string[],
  lock: DebianLock,
  directory: string,
  { apts, architecture }: DebianPackagesOptions,
): Promise<readonly ServedPackage[] | undefined> {
  const apt = apts?.machine ?? machineApt();
  const known = await apt.served(pinned(names, lock));
  const isLocked = ({ name, sha256 }: ServedPackage): boolean => sha256 === lock[name]?.sha256[architecture];
  if (known.length < names.length || !known.every(isLocked)) return undefined;
  return apt.download(known, directory).then(
    () => known,
    () => undefined,
  );
}

/** By fresh lists; what they have in other versions only, in those. */
async function downloadFresh(
  names: readonly string[],
  lock: DebianLock,
  directory: string,
  options: DebianPackagesOptions,
): Promise<readonly ServedPackage[]> {
  const { apts, architecture } = options;
  const apt = await (apts === undefined ? freshApt(join(directory, 'apt'), architecture) : apts.fresh());
  const exact = await apt.served(pinned(names, lock));
  const rest = names.filter((name) => !exact.some((served) => served.name === name));
  const all = [...exact, ...(rest.length === 0 ? [] : await apt.served(rest))];
  const absent = names.filter((name) => !all.some((served) => served.name === name));
  if (absent.length > 0) throw new Error(`apt knows no ${absent.join(', ')} for ${architecture}`);
  for (const served of all) noticeOther(served, lock, options);
  await apt.download(all, directory);
  return all;
}

function pinned(names: readonly string[], lock: DebianLock): readonly string[] {
  return names.flatMap((name) => {
    const version = lock[name]?.version;
    return version === undefined ? [] : [`${name}=${version}`];
  });
}

/** Tells of a version that is not the lock's, or throws. */
function noticeOther(
  { name, version }: ServedPackage,
  lock: DebianLock,
  { locked, progress }: Pick<DebianPackagesOptions, 'locked' | 'progress'>,
): void {
  const expected = lock[name]?.version;
  if (expected === version) return;
  const what = `the lock has ${expected ?? 'no version'}, and only ${version} is served`;
  if (locked) throw new Error(`${name}: ${what}: run npm run images -- --update, and commit the lock`);
  progress({ task: name, state: 'done', detail: `${what}, so images have other bytes than elsewhere` });
}

async function verified(
  { name, version, file, sha256: served }: ServedPackage,
  lock: DebianLock,
  directory: string,
  architecture: Architecture,
): Promise<DebianPackage> {
  const path = join(directory, file);
  const sha256 = digest(await readFile(path));
  const locked = lock[name];
  const expected = (locked?.version === version ? locked.sha256[architecture] : undefined) ?? served;
  if (sha256 !== expected) throw new Error(`${path} has the SHA-256 ${sha256}, and ${expected} is expected`);
  return { name, version, sha256, path };
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
