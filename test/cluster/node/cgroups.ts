import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/**
 * Makes a cgroup in each hierarchy of the machine and returns its folders: on version 1 below the cgroup of this process, so that
 * limits on it hold; on version 2, where a cgroup with processes in it has no children, below the root.
 */
export async function makeCgroups(cluster: string, node: string): Promise<readonly string[]> {
  const parents = await parentCgroups();
  const made: string[] = [];
  for (const parent of parents) {
    const above = join(parent, `dot-kube-${cluster}`);
    for (const folder of [above, join(above, node)]) {
      await mkdir(folder, { recursive: true });
      await takeProcessors(folder);
      await handOnControllers(join(folder, '..'));
    }
    const own = systemCgroup(join(above, node));
    await mkdir(own, { recursive: true });
    await takeProcessors(own);
    made.push(join(above, node));
  }
  return made;
}

/** Where the node's own programs are: beside the pods, not above them. */
export function systemCgroup(cgroup: string): string {
  return join(cgroup, 'system');
}

/** The processes of a cgroup and of those in it, as the machine numbers them. */
export async function processesOf(cgroup: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const folder of await cgroupsBelow(cgroup)) {
    const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
    found.push(...text.split('\n').filter(Boolean).map(Number));
  }
  return found.filter((pid) => pid > 0);
}

/** Removes a cgroup with those in it, and the one above it when it is the last there. The processes must have ended. */
export async function removeCgroup(cgroup: string): Promise<void> {
  for (const folder of (await cgroupsBelow(cgroup)).toReversed()) await rmdir(folder);
  // Another node's may be beside it.
  await rmdir(join(cgroup, '..')).catch(() => undefined);
}

/** The folder first, then what is in it; empty when there is none. */
async function cgroupsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [];
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => cgroupsBelow(join(folder, entry.name)));
  return [folder, ...(await Promise.all(below)).flat()];
}

async function parentCgroups(): Promise<readonly string[]> {
  const lines = (await readFile('/proc/self/cgroup', 'utf8')).trim().split('\n');
  const legacy = lines.flatMap((line) => {
    const [, controllers = '', ...path] = line.split(':');
    return controllers === '' ? [] : [join(ROOT, controllers.replace('name=', ''), path.join(':'))];
  });
  return legacy.length > 0 ? legacy : [ROOT];
}

/** A new cgroup of version 1 has no processors and no memory to run on. */
async function takeProcessors(folder: string): Promise<void> {
  for (const name of ['cpuset.cpus', 'cpuset.mems']) {
    const own = await readFile(join(folder, name), 'utf8').catch(() => undefined);
    if (own?.trim() === '') await writeFile(join(folder, name), await readFile(join(folder, '..', name)));
  }
}

/** A new cgroup of version 2 has the controllers that the one above it hands on. */
async function handOnControllers(folder: string): Promise<void> {
  const controllers = await readFile(join(folder, 'cgroup.controllers'), 'utf8').catch(() => '');
  for (const controller of controllers.trim().split(' ').filter(Boolean)) {
    await writeFile(join(folder, 'cgroup.subtree_control'), `+${controller}`);
  }
}
