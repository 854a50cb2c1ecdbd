import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
}

/** The packages by name, in the versions of the lock, from the cache or by apt. Nothing is installed. */
export async function debianPackages(
  names: readonly string[],
  options: DebianPackagesOptions,
): Promise<ReadonlyMap<string, DebianPackage>> {
  const directory = join(options.cache, 'images', 'debian', options.architecture);
  await mkdir(directory, { recursive: true });
  const lock = await readDebianLock();
  const found = new Map<string, DebianPackage>();
  for (const name of names) {
    const cached = await cachedPackage(name, lock, directory, options.architecture);
    if (cached !== undefined) found.set(name, cached);
  }
  const missing = names.filter((name) => !found.has(name));
  if (missing.length === 0) return found;
  const task = `Debian packages for ${options.architecture}`;
  const tell = (detail: string) => options.progress({ task, state: 'running', detail });
  tell('asking apt for them');
  for (const { apt, packages } of await serve(missing, lock, directory, options)) {
    for (const served of packages) noticeOther(served, lock, options);
    tell(`downloading ${packages.length}`);
    await apt.download(packages, directory);
    for (const served of packages)
      found.set(served.name, await verified(served, lock, directory, options.architecture));
  }
  options.progress({ task, state: 'done', detail: `${missing.length} downloaded` });
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

/** Who serves which packages: in the versions of the lock where they can be had, by the machine's own lists where they know them. */
async function serve(
  names: readonly string[],
  lock: DebianLock,
  directory: string,
  options: DebianPackagesOptions,
): Promise<readonly { readonly apt: Apt; readonly packages: readonly ServedPackage[] }[]> {
  const pinned = names.flatMap((name) => {
    const version = lock[name]?.version;
    return version === undefined ? [] : [`${name}=${version}`];
  });
  const machine = machineApt();
  const known = await machine.served(pinned);
  const isLocked = ({ name, sha256 }: ServedPackage): boolean => sha256 === lock[name]?.sha256[options.architecture];
  if (known.length === names.length && known.every(isLocked)) return [{ apt: machine, packages: known }];
  const fresh = await freshApt(join(directory, 'apt'), options.architecture);
  const exact = await fresh.served(pinned);
  const rest = names.filter((name) => !exact.some((served) => served.name === name));
  const all = [...exact, ...(rest.length === 0 ? [] : await fresh.served(rest))];
  const absent = names.filter((name) => !all.some((served) => served.name === name));
  if (absent.length > 0) throw new Error(`apt knows no ${absent.join(', ')} for ${options.architecture}`);
  return [{ apt: fresh, packages: all }];
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
