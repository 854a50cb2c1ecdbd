import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isProcessAlive } from './process-id.ts';

/** The holder of a lock touches its file this often. */
const HEARTBEAT_MS = 2_000;
/** A lock that was not touched for this long belongs to nobody, even if a process has its id. */
const STALE_MS = 30_000;
const POLL_MS = 200;

/**
 * Runs `action` while no other process holds the lock file at `path`, and waits for its turn otherwise. The lock of a process
 * that died is taken over. `onWait` is called about five times a second while waiting, with the holder's process id.
 */
export async function withFileLock<T>(
  path: string,
  action: () => Promise<T>,
  onWait: (holder: string) => void = () => undefined,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  while (!(await tryAcquire(path))) {
    const holder = await holderOf(path);
    if (holder === undefined) continue;
    if (holder.dead) {
      await rm(path, { force: true });
      continue;
    }
    onWait(holder.pid);
    await delay(POLL_MS);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}

async function tryAcquire(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(`${process.pid} ${hostname()}\n`);
    await file.close();
    return true;
  } catch (error) {
    if (isErrorCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function holderOf(path: string): Promise<{ readonly pid: string; readonly dead: boolean } | undefined> {
  try {
    const [text, { mtimeMs }] = [await readFile(path, 'utf8'), await stat(path)];
    const [pid = '', host = ''] = text.trim().split(' ');
    const silent = Date.now() - mtimeMs > STALE_MS;
    return { pid, dead: silent || (host === hostname() && !isAlive(Number(pid))) };
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A pid that cannot be read belongs to a process that is writing it just now. */
function isAlive(pid: number): boolean {
  return !Number.isInteger(pid) || pid <= 0 || isProcessAlive(pid);
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
