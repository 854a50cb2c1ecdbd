import { once } from 'node:events';
import { type Agent, request } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** One request, or one question over TCP. Times are those of `performance.now`. */
export interface Sample {
  readonly sentAt: number;
  readonly endedAt: number;
  readonly allowed: boolean;
  /** A connection that was open already was used. */
  readonly reused: boolean;
}

/** Opens a connection as somebody who calls. */
export type Dial = () => Promise<Socket>;

/** One after the other without a pause, on one connection as long as it lives, until it is stopped. */
export class Flow {
  readonly name: string;
  readonly samples: Sample[] = [];
  readonly #ended: Promise<void>;
  #stopped = false;

  private constructor(name: string, ask: () => Promise<Pick<Sample, 'allowed' | 'reused'>>, end: () => void) {
    this.name = name;
    this.#ended = this.#run(ask).finally(end);
  }

  /** GET over HTTP/1.1; the agent has one connection. */
  static http1(name: string, agent: Agent, host: string, port: number): Flow {
    return new Flow(
      name,
      () => getOverHttp1(agent, host, port),
      () => agent.destroy(),
    );
  }

  static http2(name: string, dial: Dial): Flow {
    let session: ClientHttp2Session | undefined;
    const ask = async (): Promise<Pick<Sample, 'allowed' | 'reused'>> => {
      const reused = session !== undefined && !session.closed && !session.destroyed;
      if (!reused) session = await openHttp2(dial);
      return { allowed: (await getOverHttp2(session as ClientHttp2Session)) === 200, reused };
    };
    return new Flow(name, ask, () => session?.destroy());
  }

  /** A byte that the server echoes. */
  static tcp(name: string, dial: Dial): Flow {
    let socket: Socket | undefined;
    const ask = async (): Promise<Pick<Sample, 'allowed' | 'reused'>> => {
      const reused = socket !== undefined && !socket.destroyed;
      if (!reused) socket = await dial();
      return { allowed: await echoed(socket as Socket), reused };
    };
    return new Flow(name, ask, () => socket?.destroy());
  }

  /** The same on a new connection each time. */
  static tcpOnce(name: string, dial: Dial): Flow {
    const ask = async (): Promise<Pick<Sample, 'allowed' | 'reused'>> => {
      const socket = await dial();
      try {
        return { allowed: await echoed(socket), reused: false };
      } finally {
        socket.destroy();
      }
    };
    return new Flow(name, ask, () => {});
  }

  /** Waits until so many samples satisfy a condition; throws after so long. */
  async until(holds: (sample: Sample) => boolean, count = 1, milliseconds = 5000): Promise<void> {
    const deadline = performance.now() + milliseconds;
    while (this.samples.filter(holds).length < count) {
      if (performance.now() > deadline) {
        const last = JSON.stringify(this.samples.slice(-3));
        throw new Error(`${this.name}: no ${count} such samples of ${this.samples.length} in time; the last: ${last}`);
      }
      await delay(5);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#ended;
  }

  async #run(ask: () => Promise<Pick<Sample, 'allowed' | 'reused'>>): Promise<void> {
    while (!this.#stopped) {
      const sentAt = performance.now();
      const { allowed, reused } = await ask().catch(() => ({ allowed: false, reused: false }));
      this.samples.push({ sentAt, endedAt: performance.now(), allowed, reused });
      if (!allowed) await delay(5);
    }
  }
}

function getOverHttp1(agent: Agent, host: string, port: number): Promise<Pick<Sample, 'allowed' | 'reused'>> {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, agent, timeout: 3000 }, (response) => {
      response.resume();
      response.once('end', () => resolve({ allowed: response.statusCode === 200, reused: sent.reusedSocket }));
      response.once('error', reject);
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer')));
    sent.once('error', reject);
    sent.end();
  });
}

async function openHttp2(dial: Dial): Promise<ClientHttp2Session> {
  const socket = await dial();
  const session = connectHttp2('http://server', { createConnection: () => socket });
  session.on('error', () => {});
  return session;
}

function getOverHttp2(session: ClientHttp2Session): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': '/' });
    let status = 0;
    stream.setTimeout(3000, () => stream.destroy(new Error('no answer')));
    stream.on('response', (headers) => (status = Number(headers[':status'])));
    stream.on('error', reject);
    stream.on('close', () => resolve(status));
    stream.resume();
    stream.end();
  });
}

async function echoed(socket: Socket): Promise<boolean> {
  socket.write('a question\n');
  const settled = new AbortController();
  const { signal } = settled;
  try {
    return await Promise.race([
      once(socket, 'data', { signal }).then(() => true),
      once(socket, 'close', { signal }).then(() => false),
      once(socket, 'end', { signal }).then(() => false),
      delay(3000, false, { signal }),
    ]);
  } finally {
    settled.abort();
  }
}
