import { readFile, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceReport } from '../../local/mesh-view.ts';
import { askLocal } from '../../local/status/local-client.ts';
import type { ReplicaReport, StatusReport } from '../../local/status/status-report.ts';
import type { TrafficRow } from '../../local/traffic/traffic-window.ts';
import { CheckFailedError } from './check-step.ts';

/** One call that the storefront made, as it tells in its answers. */
export interface StoreCall {
  readonly destination: string;
  readonly ok: boolean;
  readonly denied: boolean;
  readonly status: number;
  readonly version: string | null;
  readonly pod: string | null;
  /** The SPIFFE ID that the destination's proxy saw. */
  readonly identity: string | null;
}

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A running demo, as a stranger sees it: over its status socket, its Services and its files. */
export class DemoMesh {
  readonly #socket: string;
  readonly #folder: string;
  readonly #output: () => string;

  constructor(options: { readonly socket: string; readonly folder: string; readonly output: () => string }) {
    this.#socket = options.socket;
    this.#folder = options.folder;
    this.#output = options.output;
  }

  /** All that the terminal would show. */
  get output(): string {
    return this.#output();
  }

  status(): Promise<StatusReport> {
    return askLocal(this.#socket, '/v1/status');
  }

  traffic(): Promise<readonly TrafficRow[]> {
    return askLocal(this.#socket, '/v1/traffic');
  }

  replicas(): Promise<readonly ReplicaReport[]> {
    return askLocal(this.#socket, '/v1/replicas');
  }

  /** `host:port` of a Service of the store, for callers without a proxy. */
  async addressOf(service: string): Promise<string> {
    const services = await askLocal<readonly ServiceReport[]>(this.#socket, '/v1/services');
    const address = services.find((each) => each.service === `bookstore/${service}`)?.ports[0]?.address;
    if (address === undefined) throw new CheckFailedError(`there is no Service bookstore/${service}`);
    return address;
  }

  /** The replica with this label. */
  async replicaOf(app: string, index = 0): Promise<ReplicaReport> {
    const replicas = (await this.replicas()).filter(({ labels, terminating }) => labels['app'] === app && !terminating);
    const replica = replicas[index];
    if (replica === undefined) throw new CheckFailedError(`there is no replica ${index} of ${app}`);
    return replica;
  }

  /** Visits the storefront so often and answers the calls that it made, in the order of the visits. */
  async visit(times: number, path = '/books/1', method = 'GET'): Promise<readonly StoreCall[]> {
    const address = await this.addressOf('storefront');
    const visits: StoreCall[][] = [];
    let next = 0;
    const visitor = async (): Promise<void> => {
      for (let visit = next++; visit < times; visit = next++) {
        const { body } = await ask(address, path, method);
        visits[visit] = callsIn(body);
      }
    };
    await Promise.all(Array.from({ length: Math.min(4, times) }, visitor));
    return visits.flat();
  }

  /** Changes a file of the demo's folder, as an editor would. */
  async edit(file: string, change: (content: string) => string): Promise<void> {
    const path = join(this.#folder, file);
    const before = await readFile(path, 'utf8');
    const after = change(before);
    if (after === before) throw new CheckFailedError(`${file} is not as the check expects it`);
    await writeFile(path, after);
  }
}

/** Asks over HTTP. Throws when there is no answer. */
export function ask(address: string, path: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const [host, port] = address.split(':');
    const asked = httpRequest({ host, port, path, method, agent: false, signal: AbortSignal.timeout(10_000) });
    asked.once('error', reject);
    asked.once('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    asked.end();
  });
}

/** Looks again and again until there is an answer; throws with what was missed when there is none in time. */
export async function eventually<T>(what: string, withinMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const until = performance.now() + withinMs;
  do {
    const found = await look();
    if (found !== undefined) return found;
    await delay(50);
  } while (performance.now() < until);
  throw new CheckFailedError(`not within ${withinMs / 1000} s: ${what}`);
}

function callsIn(body: string): StoreCall[] {
  try {
    const { calls } = JSON.parse(body) as { readonly calls?: StoreCall[] };
    return calls ?? [];
  } catch {
    throw new CheckFailedError(`the storefront answers ${body.slice(0, 200)}`);
  }
}
