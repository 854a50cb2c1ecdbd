import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createHash } from 'node:crypto';
import { identityOf, isRunning, type ProcessIdentity } from '../processes/process-identity.ts';

/** The name of the folder that a run keeps its files in. */
export const RUN_DIRECTORY = '.dotkube';

/** Another run has the folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/** What a run says of itself, for those who want to talk to it. */
export interface RunRecord extends ProcessIdentity {
  /** The folder of manifests. */
  readonly folder: string;
  readonly socket: string;
}

const RECORD = 'run.json';
/** The longest path of a Unix socket, on the systems that allow the least. */
const LONGEST_SOCKET_PATH = 100;

/** The private folder of one run: logs, sockets, the files of its proxies. Only its owner can look into it. */
export class RunDirectory {
  readonly path: string;
  readonly socket: string;

  private constructor(path: string) {
    this.path = path;
    const socket = join(path, 'dotkube.sock');
    const short = createHash('sha256').update(path).digest('hex').slice(0, 16);
    this.socket =
      socket.length <= LONGEST_SOCKET_PATH
        ? socket
        : join(tmpdir(), `dotkube-${process.getuid?.() ?? 0}-${short}`, 's');
  }

  /** Takes the folder for this process. Throws {@link AlreadyRunningError} while another has it. */
  static async claim(path: string, folder: string): Promise<RunDirectory> {
    const directory = new RunDirectory(resolve(path));
    for (const part of ['', 'logs', 'pods']) await privateFolder(join(directory.path, part));
    await privateFolder(dirname(directory.socket));
    const known = await readRecord(directory.path);
    if (known !== undefined && (await isRunning(known)))
      throw new AlreadyRunningError(
        `dotkube up is running here already, as process ${known.pid}, with ${known.folder}. End it, or give this one a folder of its own with --run-dir.`,
      );
    const identity = (await identityOf(process.pid)) ?? { pid: process.pid, began: '' };
    const record: RunRecord = { ...identity, folder: resolve(folder), socket: directory.socket };
    await writeFile(join(directory.path, RECORD), `${JSON.stringify(record)}\n`, { mode: 0o600 });
    return directory;
  }

  /** Lets others have the folder; the logs stay. */
  async release(): Promise<void> {
    await rm(join(this.path, RECORD), { force: true });
    await rm(join(this.path, 'pods'), { recursive: true, force: true });
  }
}

/** What the run says that has this folder; undefined when none does. */
export async function readRecord(path: string): Promise<RunRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(path, RECORD), 'utf8')) as RunRecord;
  } catch {
    return undefined;
  }
}

/** The run of this folder, or of the nearest one around it. */
export async function findRun(from: string): Promise<RunRecord | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const record = (await readRecord(join(folder, RUN_DIRECTORY))) ?? (await readRecord(folder));
    if (record !== undefined || folder === dirname(folder)) return record;
  }
}

async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { uid } = await stat(path);
  // In a folder that all may write to, somebody else may have been there first.
  if (process.getuid !== undefined && uid !== process.getuid()) throw new Error(`${path} belongs to another user`);
  await chmod(path, 0o700);
}
