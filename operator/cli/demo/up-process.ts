import { type ChildProcess, spawn } from 'node:child_process';
import { extname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf } from '../../local/processes/process-identity.ts';
import { readRecord } from '../../local/run/run-directory.ts';
import type { ReplicaReport } from '../../local/status/status-report.ts';
import { askLocal } from '../../local/status/local-client.ts';
import { CheckFailedError } from './check-step.ts';
import { eventually } from './demo-mesh.ts';

/** How to run a folder. */
export interface UpProcessOptions {
  readonly folder: string;
  readonly runDirectory: string;
  readonly workingDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Progress, as it comes. */
  readonly onStderr: (chunk: string) => void;
}

const END_MS = 15_000;

/** `dotkube up` as a process of its own, as somebody would start it. */
export class UpProcess {
  readonly #options: UpProcessOptions;
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #output = '';
  #ended = false;

  constructor(options: UpProcessOptions) {
    this.#options = options;
    const { environment, folder, runDirectory, workingDirectory } = options;
    const main = join(import.meta.dirname, '..', `main${extname(import.meta.filename)}`);
    const command = [main, 'up', folder, '--run-dir', runDirectory, '--cwd', workingDirectory];
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
    child.stdout.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
      options.onStderr(chunk.toString());
    });
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code) => {
        this.#ended = true;
        resolve(code);
      });
    });
  }

  /** All that it has printed. */
  get output(): string {
    return this.#output;
  }

  /** The path of its status socket, once all replicas are ready. Throws when it ends instead, or takes too long. */
  async ready(withinMs: number): Promise<string> {
    return await eventually('all replicas are ready', withinMs, async () => {
      if (this.#ended) throw new CheckFailedError(`dotkube up ended:\n${this.#output.slice(-2000)}`);
      const record = await readRecord(this.#options.runDirectory);
      if (record === undefined) return undefined;
      const replicas = await askLocal<readonly ReplicaReport[]>(record.socket, '/v1/replicas').catch(() => []);
      return replicas.length > 0 && replicas.every(({ ready }) => ready) ? record.socket : undefined;
    });
  }

  /** Ctrl-C. Throws when it does not end well, or when one of these processes is left. */
  async end(processes: readonly number[]): Promise<void> {
    this.#child.kill('SIGINT');
    const code = await Promise.race([this.#exited, delay(END_MS, 'late' as const, { ref: false })]);
    if (code !== 0) throw new CheckFailedError(`dotkube up ended with ${code}:\n${this.#output.slice(-2000)}`);
    for (const pid of processes) {
      if (await isLeft(pid)) throw new CheckFailedError(`process ${pid} is left`);
    }
  }

  /** SIGKILL, which it cannot answer. */
  async kill(): Promise<void> {
    if (this.#ended) return;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}

/** Whether a process is there, or what it has started and left. */
export async function isLeft(pid: number): Promise<boolean> {
  return (await identityOf(pid)) !== undefined || isGroupAlive(pid);
}

function isGroupAlive(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}
