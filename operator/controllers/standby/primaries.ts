import type { ServerCertificate } from '@dot-kube/proxy/xds';
import { backoffAfter, type CancelTimer, type Clock, type Logger, sleep } from '../../framework/index.ts';
import type { Heard } from './presence.ts';
import type { Snapshot } from './snapshot.ts';
import type { FollowPrimary, PrimaryAddress } from './snapshot-client.ts';
import { MessageError, parseSnapshotMessage, SNAPSHOT_FORMAT, type SnapshotMessage } from './snapshot-message.ts';

/** What following works with. */
export interface PrimariesOptions {
  readonly follow: FollowPrimary;
  readonly snapshot: Snapshot;
  /** A replica has given a certificate to show to proxies. */
  readonly certified: (certificate: ServerCertificate) => void;
  /** The trust domain was told. */
  readonly named: (trustDomain: string) => void;
  /** A replica was heard, or has fallen silent. */
  readonly heard: () => void;
  readonly clock: Clock;
  readonly log: Logger;
  /** Default: `Math.random`. */
  readonly random?: () => number;
}

interface Link {
  readonly address: PrimaryAddress;
  readonly stop: AbortController;
  at: number | undefined;
  serving: boolean;
  open: boolean;
}

const RETRY = { base: 100, max: 1000, jitter: 0.5 };

/** A stream on which nothing comes for so long is opened anew, milliseconds. */
const STUCK_MS = 10_000;

/** Follows all replicas of the control plane: one stream to each, opened again when it ends. */
export class Primaries {
  readonly #options: PrimariesOptions;
  readonly #links = new Map<string, Link>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: PrimariesOptions) {
    this.#options = options;
  }

  /** How each of them is heard. */
  heard(): Iterable<Heard> {
    return this.#links.values();
  }

  /** Streams that are open. */
  get streams(): number {
    return [...this.#links.values()].filter(({ open }) => open).length;
  }

  /** Follows these, and no others. */
  follow(addresses: readonly PrimaryAddress[]): void {
    const wanted = new Map(addresses.map((address) => [`${address.host} ${address.port}`, address]));
    for (const [key, link] of this.#links) {
      if (wanted.has(key)) continue;
      this.#links.delete(key);
      link.stop.abort();
    }
    for (const [key, address] of wanted) {
      if (this.#links.has(key)) continue;
      const link: Link = { address, stop: new AbortController(), at: undefined, serving: false, open: false };
      this.#links.set(key, link);
      const run = this.#keep(link).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  /** Follows nobody any more; resolves when the streams have ended. */
  async close(): Promise<void> {
    this.follow([]);
    await Promise.all(this.#running);
  }

  async #keep(link: Link): Promise<void> {
    const { clock, log, random = Math.random } = this.#options;
    const { address, stop } = link;
    let failures = 0;
    while (!stop.signal.aborted) {
      const { reason, wasOpen } = await this.#stream(link);
      if (stop.signal.aborted) return;
      failures = wasOpen ? 0 : failures + 1;
      const words = { address: `${address.host}:${address.port}`, reason };
      if (wasOpen) log.warn('a replica of the control plane is not heard any more', words);
      // Said once: one that is gone is tried for as long as it is named.
      else if (failures === 1) log.info('a replica of the control plane is not heard', words);
      await sleep(clock, backoffAfter(failures, { ...RETRY, random }), stop.signal);
    }
  }

  /** One stream, until it ends. */
  async #stream(link: Link): Promise<{ readonly reason: string; readonly wasOpen: boolean }> {
    const { clock, follow, heard, snapshot } = this.#options;
    const silence = new AbortController();
    const expect = (): CancelTimer =>
      clock.setTimeout(() => silence.abort(new Error(`nothing was heard for ${STUCK_MS} ms`)), STUCK_MS);
    let cancelSilence = expect();
    const stream = snapshot.stream();
    let reason = 'the stream ended';
    let wasOpen = false;
    try {
      for await (const line of follow(link.address, AbortSignal.any([link.stop.signal, silence.signal]))) {
        cancelSilence();
        cancelSilence = expect();
        const message = parseSnapshotMessage(line);
        if (!wasOpen && message.kind !== 'hello') throw new MessageError('hello is said first');
        wasOpen = true;
        link.at = clock.monotonic();
        link.open = true;
        this.#take(link, stream, message);
        heard();
      }
    } catch (error) {
      const cause: unknown = silence.signal.aborted ? silence.signal.reason : error;
      reason = cause instanceof Error ? cause.message : String(cause);
    } finally {
      cancelSilence();
      stream.end();
      link.open = false;
      heard();
    }
    return { reason, wasOpen };
  }

  #take(link: Link, stream: ReturnType<Snapshot['stream']>, message: SnapshotMessage): void {
    const { certified, log, named } = this.#options;
    switch (message.kind) {
      case 'hello':
        if (message.format !== SNAPSHOT_FORMAT) throw new MessageError(`a format ${message.format} that is not known`);
        log.info('a replica of the control plane is followed', { replica: message.instance });
        return named(message.trustDomain);
      case 'certificate':
        return certified(message);
      case 'beat':
        link.serving = message.serving;
        return;
      case 'places':
      case 'pods':
        return stream.take(message);
    }
  }
}
