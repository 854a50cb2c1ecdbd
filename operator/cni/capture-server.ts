import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { once } from 'node:events';
import type { Logger, Runnable, Stage } from '../framework/index.ts';

/** What the plugin asks for a pod that starts. */
export interface CaptureRequest {
  /** Path of the pod's network namespace on the host. */
  readonly netns: string;
  readonly namespace: string;
  readonly pod: string;
  /** Empty where the container runtime does not tell. */
  readonly uid: string;
}

/** What the server works with. */
export interface CaptureServerOptions {
  /** Where the plugin connects to; only root may. */
  readonly socket: string;
  /** Rejects with what is wrong, in words for the event of the pod. */
  readonly capture: (request: CaptureRequest, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

/** No request is longer. */
const MOST_BYTES = 16_384;
/** The plugin gives up after 10 s. */
const PATIENCE_MS = 9000;

/** Answers the plugin, over a Unix socket: one JSON document each way. */
export class CaptureServer implements Runnable {
  readonly name = 'capture-server';
  readonly stage: Stage = 'server';
  readonly #options: CaptureServerOptions;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #listening = Promise.withResolvers<void>();

  constructor(options: CaptureServerOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => void this.#serve(socket));
  }

  started(): Promise<void> {
    return this.#listening.promise;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { socket } = this.#options;
    await mkdir(dirname(socket), { recursive: true });
    // One that was left by an agent before.
    await rm(socket, { force: true });
    this.#server.listen(socket);
    await once(this.#server, 'listening', { signal });
    await chmod(socket, 0o600);
    this.#listening.resolve();
    const closed = once(this.#server, 'close');
    const close = (): void => {
      this.#server.close();
      for (const each of this.#open) each.destroy();
    };
    signal.addEventListener('abort', close, { once: true });
    if (signal.aborted) close();
    await closed;
  }

  async #serve(socket: Socket): Promise<void> {
    const { capture, log } = this.#options;
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    socket.once('error', (error) => log.warn('the plugin went away', { error }));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    try {
      const asked = requestOf(await wholeText(socket));
      await capture(asked, AbortSignal.timeout(PATIENCE_MS));
      socket.end('{}\n');
    } catch (error) {
      log.warn('a pod does not start', { error });
      socket.end(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
    }
  }
}

async function wholeText(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) throw new RangeError('a request is too long');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function requestOf(text: string): CaptureRequest {
  const value = JSON.parse(text) as Partial<Record<keyof CaptureRequest, unknown>>;
  const field = (name: keyof CaptureRequest): string => {
    const found = value[name];
    if (typeof found !== 'string') throw new TypeError(`a request without ${name}`);
    return found;
  };
  return { netns: field('netns'), namespace: field('namespace'), pod: field('pod'), uid: field('uid') };
}
