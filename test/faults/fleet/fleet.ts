import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Arrivals, ClientSpec, Order, Reply } from './protocol.ts';

/** Many clients of a control plane, in a process of their own. */
export class Fleet implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Connects them; returns when each has what it asked for. */
  static async connect(clients: readonly ClientSpec[], port: number): Promise<Fleet> {
    const child = fork(join(import.meta.dirname, 'fleet-main.ts'), { serialization: 'advanced' });
    const fleet = new Fleet(child);
    try {
      await fleet.#order({ kind: 'connect', clients, port });
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** These ask for more, and read nothing any more: those with a relay from their connections, others from their streams alone. */
  async stopReading(clients: readonly number[], more: readonly string[]): Promise<void> {
    await this.#order({ kind: 'stop-reading', clients, more });
  }

  async readAgain(clients: readonly number[]): Promise<void> {
    await this.#order({ kind: 'read-again', clients });
  }

  /** What came since it was last asked, and whose streams are closed. */
  async report(): Promise<{ readonly arrivals: readonly Arrivals[]; readonly closed: readonly number[] }> {
    const reply = await this.#order({ kind: 'report' });
    return reply.kind === 'report' ? reply : { arrivals: [], closed: [] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  async #order(order: Order): Promise<Reply> {
    const over = new AbortController();
    const { signal } = over;
    const ended = once(this.#child, 'exit', { signal }).then(() => {
      throw new Error('the clients have ended');
    });
    const reply = once(this.#child, 'message', { signal });
    for (const promise of [ended, reply]) promise.catch(() => {});
    this.#child.send(order);
    const [answer] = (await Promise.race([reply, ended])) as [Reply];
    over.abort();
    return answer;
  }
}
