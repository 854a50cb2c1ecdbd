import assert from 'node:assert/strict';
import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** Default: one that keeps connections. */
  readonly agent?: Agent;
  /** Gives up, which is an error. Default: 20 s. */
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The application that answered, by its `x-server`; empty when a proxy did. */
  readonly server: string;
  readonly durationMs: number;
}

const keepAlive = new Agent({ keepAlive: true, maxSockets: 64 });

/** One HTTP/1.1 request. Rejects when the connection ends before an answer. */
export function call(to: { readonly address: string; readonly port: number }, options: Call = {}): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const { method = 'GET', path = '/', headers = {}, body, agent = keepAlive, timeoutMs = 20_000 } = options;
    const request = httpRequest({ host: to.address, port: to.port, method, path, headers: mutable(headers), agent });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        const server = response.headers['x-server'];
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text,
          server: typeof server === 'string' ? server : '',
          durationMs: performance.now() - started,
        });
      });
    });
    request.end(body);
  });
}

/** `count` calls, `parallel` at a time, in the order of their numbers. */
export async function callMany(
  count: number,
  parallel: number,
  each: (index: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) answers[index] = await each(index);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return answers;
}

/** How many answers there are of each kind. */
export function countBy(answers: readonly Answer[], key: (answer: Answer) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(key(answer), (counts.get(key(answer)) ?? 0) + 1);
  return counts;
}

function mutable(headers: NonNullable<Call['headers']>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

/** Waits until a number has not changed for so long: what nobody answers has no other end. */
export async function settled(count: () => number, quietMs = 150): Promise<void> {
  for (let last = -1; last !== count(); ) {
    last = count();
    await delay(quietMs);
  }
}

/**
 * Asserts that something does not wait for the first bytes of the caller, which takes at least 300 ms each time; the machine may be
 * busy, but not five times.
 */
export async function noneWaits(attempt: () => Promise<void>): Promise<void> {
  const durations: number[] = [];
  while (durations.length < 5 && !durations.some((duration) => duration < 250)) {
    const since = performance.now();
    await attempt();
    durations.push(performance.now() - since);
  }
  assert.ok(Math.min(...durations) < 250, `${durations.map(Math.round).join(', ')} ms`);
}

/** Waits until a condition holds; throws when it does not within 5 s. */
export async function until(holds: () => Promise<boolean> | boolean, timeoutMs = 5000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it does not hold after ${timeoutMs} ms`);
    await delay(20);
  }
}
