import { setTimeout as delay } from 'node:timers/promises';
import type { ProxyProcess } from '../../../integration/harness/index.ts';

/** A certificate that a proxy shows to others. */
export interface InForce {
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

/** What one proxy has shown. */
interface Shown {
  readonly proxy: () => ProxyProcess;
  readonly serials: Set<string>;
  present: InForce | undefined;
  /** The least that a certificate had left when another took its place, milliseconds. */
  leastLeft: number;
}

const LOOK_MS = 250;

/** Watches which certificates proxies have in force, as they tell themselves. */
export class Rotations implements AsyncDisposable {
  readonly #shown = new Map<string, Shown>();
  readonly #over = new AbortController();
  readonly #watching: Promise<unknown>;

  /** By name; a proxy may be replaced by another while it is watched. */
  constructor(proxies: ReadonlyMap<string, () => ProxyProcess>) {
    for (const [name, proxy] of proxies)
      this.#shown.set(name, { proxy, serials: new Set(), present: undefined, leastLeft: Number.POSITIVE_INFINITY });
    this.#watching = Promise.all([...this.#shown.values()].map((shown) => this.#watch(shown)));
  }

  /** How often the one proxy whose certificate was replaced least often has put another in force. */
  get fewest(): number {
    return Math.min(...[...this.#shown.values()].map(({ serials }) => Math.max(serials.size - 1, 0)));
  }

  /** Of all proxies together. */
  get total(): number {
    return [...this.#shown.values()].reduce((sum, { serials }) => sum + Math.max(serials.size - 1, 0), 0);
  }

  /** The least that a certificate had left when it was replaced, milliseconds. */
  get leastLeft(): number {
    return Math.min(...[...this.#shown.values()].map(({ leastLeft }) => leastLeft));
  }

  /** When the first of the certificates that are in force ends, milliseconds since 1970. */
  get firstEnd(): number {
    return Math.min(...[...this.#shown.values()].map(({ present }) => present?.notAfter ?? 0));
  }

  /** Waits until every proxy has put so many others in force, counted from now on; answers whether it did so in time. */
  async more(count: number, milliseconds: number): Promise<boolean> {
    const wanted = new Map([...this.#shown].map(([name, { serials }]) => [name, Math.max(serials.size, 1) + count]));
    const isDone = (): boolean =>
      [...this.#shown].every(([name, { serials }]) => serials.size >= (wanted.get(name) ?? 0));
    return await this.until(isDone, milliseconds);
  }

  /** Waits for a condition; answers whether it came true in time. */
  async until(isTrue: () => boolean, milliseconds: number): Promise<boolean> {
    const deadline = performance.now() + milliseconds;
    while (!isTrue()) {
      if (performance.now() > deadline) return false;
      await delay(50);
    }
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }

  async #watch(shown: Shown): Promise<void> {
    while (!this.#over.signal.aborted) {
      // One that is being restarted tells nothing.
      const found = await shown
        .proxy()
        .admin('/certs')
        .then(identityOf, () => undefined);
      if (found !== undefined && found.serial !== shown.present?.serial) {
        if (shown.present !== undefined)
          shown.leastLeft = Math.min(shown.leastLeft, shown.present.notAfter - Date.now());
        shown.serials.add(found.serial);
        shown.present = found;
      }
      await delay(LOOK_MS, undefined, { signal: this.#over.signal }).catch(() => undefined);
    }
  }
}

interface Certificate {
  readonly serial_number: string;
  readonly expiration_time: string;
}

/** Of all contexts the oldest: a rotation has happened where it has happened everywhere. */
function identityOf(answer: string): InForce | undefined {
  const { certificates = [] } = JSON.parse(answer) as {
    readonly certificates?: readonly { readonly cert_chain?: readonly Certificate[] }[];
  };
  const own = certificates
    .flatMap(({ cert_chain: [leaf] = [] }) => (leaf === undefined ? [] : [leaf]))
    .map(({ serial_number: serial, expiration_time: end }) => ({ serial, notAfter: Date.parse(end) }));
  return own.toSorted((a, b) => a.notAfter - b.notAfter)[0];
}
