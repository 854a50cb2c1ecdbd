import { setTimeout as delay } from 'node:timers/promises';
import type { ProxyProcess } from '../../../integration/harness/index.ts';

/** So long a kubelet lets pods wait for a ConfigMap that has changed; a real one takes up to two minutes. */
const LATE_MS = 1000;

/** Brings the roots that the operator publishes to the files of proxies, late, as a kubelet does. */
export class Kubelet implements AsyncDisposable {
  readonly #over = new AbortController();
  readonly #running: Promise<void>;

  constructor(roots: () => Promise<string>, proxies: () => readonly ProxyProcess[]) {
    this.#running = this.#run(roots, proxies);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  async #run(roots: () => Promise<string>, proxies: () => readonly ProxyProcess[]): Promise<void> {
    const { signal } = this.#over;
    const pause = (milliseconds: number) => delay(milliseconds, undefined, { signal }).catch(() => undefined);
    let last = await roots();
    while (!signal.aborted) {
      await pause(200);
      const present = await roots().catch(() => last);
      if (present === last) continue;
      await pause(LATE_MS);
      last = present;
      for (const proxy of proxies()) await proxy.setRoots(present);
    }
  }
}
