import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterState } from './cluster-state.ts';
import { makeCgroups, systemCgroup } from './cgroups.ts';
import { recordOf, runs } from './process-record.ts';

/** What looks like a machine of its own from within: its own process ids, network, files, host name and cgroups. */
export interface NodeSpace {
  readonly name: string;
  /** Process 1 of the node, as the machine numbers it. */
  readonly pid: number;
  /** Where its logs and what is big are, on the machine. */
  readonly folder: string;
  readonly cgroups: readonly string[];
}

const ALL = ['-m', '-n', '-p', '-u', '-i', '-C'] as const;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const TIMEOUT_MS = 60_000;

/** Makes a node whose process 1 is `init`. `keep`: folders that it shares with the machine, at the same path. */
export async function makeNodeSpace(
  state: ClusterState,
  name: string,
  init: string,
  keep: readonly string[],
): Promise<NodeSpace> {
  const folder = join(state.directory, name);
  await mkdir(folder, { recursive: true });
  const cgroups = await makeCgroups(state.name, name);
  await state.record({ kind: 'cgroups', cgroups });
  const script = join(import.meta.dirname, 'node-root.sh');
  const unshare = ['unshare', ...ALL, '--fork', '--kill-child', 'sh', script, name, folder, init, ...keep];
  const starter = await daemon(cgroups, unshare, join(folder, 'node.log'));
  await state.recordProcess(`${name}: unshare`, starter);
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const written = await readFile(join(folder, 'init.pid'), 'utf8').catch(() => undefined);
    if (written !== undefined) {
      const pid = Number(written);
      await state.recordProcess(`${name}: process 1`, pid);
      return { name, pid, folder, cgroups };
    }
    const starting = recordOf(starter);
    if (starting === undefined || performance.now() > deadline) {
      throw new Error(`the namespaces of ${name} cannot be made:\n${await tailOf(join(folder, 'node.log'))}`);
    }
    await delay(20);
  }
}

/** Starts a program in the node that outlives this process; its output goes to `<program>.log` in the node's folder. Returns its log's path. */
export async function startInNode(
  state: ClusterState,
  node: NodeSpace,
  name: string,
  command: readonly string[],
  { enter = 'all' }: { readonly enter?: Entered } = {},
): Promise<NodeProgram> {
  const log = join(node.folder, `${name}.log`);
  const program = ['nsenter', '-t', String(node.pid), ...namespacesOf(enter), '--', ...command];
  const pid = await daemon(node.cgroups.map(systemCgroup), program, log);
  await state.recordProcess(`${node.name}: ${name}`, pid);
  const record = recordOf(pid);
  return { name: `${name} on ${node.name}`, log, runs: () => record !== undefined && runs(record) };
}

/** A program that runs in a node. */
export interface NodeProgram {
  readonly name: string;
  /** Path of its output. */
  readonly log: string;
  readonly runs: () => boolean;
}

/** Which namespaces of a node a command enters: all, or its network alone, with the files of the machine. */
export type Entered = 'all' | 'network';

function namespacesOf(entered: Entered): readonly string[] {
  return entered === 'all' ? ALL : ['-n'];
}

/** Runs a command in a node to its end and returns its standard output. Throws with what it said when it fails. */
export async function runInNode(
  node: Pick<NodeSpace, 'pid' | 'name'>,
  command: readonly string[],
  { input = '', enter = 'all' }: { readonly input?: string | NodeJS.ReadableStream; readonly enter?: Entered } = {},
): Promise<string> {
  const args = ['-t', String(node.pid), ...namespacesOf(enter), '--', ...command];
  const child = spawn('nsenter', args, { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH, HOME: '/root' } });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.on('error', () => undefined);
  if (typeof input === 'string') child.stdin.end(input);
  else input.pipe(child.stdin);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${command.join(' ')} on ${node.name}: exit code ${code}\n${stderr.trim()}`);
  return stdout;
}

/** Waits until `ready` says true, and throws with the end of the log when the program ends or the time is over. */
export async function waitFor(
  program: NodeProgram,
  ready: () => Promise<boolean>,
  timeoutMilliseconds = 180_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMilliseconds;
  while (!(await ready().catch(() => false))) {
    const problem = program.runs() ? undefined : 'ended';
    if (problem !== undefined || performance.now() > deadline) {
      const why = problem ?? `is not ready after ${timeoutMilliseconds} ms`;
      throw new Error(`${program.name} ${why}:\n${await tailOf(program.log)}`);
    }
    await delay(50);
  }
}

/** Starts a command in these cgroups, in a session of its own. Returns its process id. */
async function daemon(cgroups: readonly string[], command: readonly string[], log: string): Promise<number> {
  const script = [...cgroups.map((folder) => `echo $$ >'${folder}/cgroup.procs'`), 'exec "$@"'].join(' && ');
  const file = await open(log, 'a');
  try {
    const child = spawn('sh', ['-c', script, 'sh', ...command], {
      stdio: ['ignore', file.fd, file.fd],
      detached: true,
      cwd: '/',
      env: { PATH, HOME: '/root' },
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child.pid ?? -1));
    });
    child.unref();
    return pid;
  } finally {
    await file.close();
  }
}

async function tailOf(log: string): Promise<string> {
  const content = await readFile(log, 'utf8').catch(() => '');
  return content.trimEnd().split('\n').slice(-20).join('\n');
}
