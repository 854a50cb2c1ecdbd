import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { isProgrammed, type ObjectStatus } from '../../operator/local/status/status-report.ts';
import type { AccessLogEntry } from '../../operator/local/traffic/access-log-entry.ts';
import { type Caller, CALLER_LABEL, CONTROL_PORT } from './callers.ts';
import type { CallBatch, CallRequest, CallResult } from './calls.ts';
import type { Replica, ScenarioDriver, ScenarioObject } from './scenario-driver.ts';

/** What a service of the bookstore does wrong on purpose. */
export interface Faults {
  readonly failRate?: number;
  readonly status?: number;
  readonly delayMs?: number;
}

/** A mesh with the bookstore in it, as scenarios see it. */
export class ScenarioMesh {
  readonly driver: ScenarioDriver;
  readonly #controls = new Map<Caller, Promise<string>>();

  constructor(driver: ScenarioDriver) {
    this.driver = driver;
  }

  /** The SPIFFE ID of a service account of the bookstore. */
  identityOf(serviceAccount: string): string {
    return `spiffe://cluster.local/ns/${this.driver.namespace}/sa/${serviceAccount}`;
  }

  /** Makes one call. Never throws for what comes of it. */
  async call(from: Caller, call: CallRequest): Promise<CallResult> {
    const [result] = await this.callMany(from, call, 1);
    assert.ok(result !== undefined, `the caller ${from} did not say what came of its call`);
    return result;
  }

  /** Makes the same call several times, each over a connection of its own; four at once. */
  async callMany(from: Caller, call: CallRequest, count: number, concurrency = 4): Promise<readonly CallResult[]> {
    const batch: CallBatch = { call, concurrency, count };
    const { body, status } = await ask(await this.#controlOf(from), '/calls', 'POST', JSON.stringify(batch));
    assert.equal(status, 200, `the caller ${from} answers ${body}`);
    return JSON.parse(body) as readonly CallResult[];
  }

  /** Applies objects and waits until all are in force, which every proxy concerned has said. */
  async enforce(...objects: readonly ScenarioObject[]): Promise<void> {
    await this.driver.apply(objects);
    for (const object of objects) {
      await this.untilStatus(object, 'in force', isProgrammed);
    }
  }

  /** Waits for a status. */
  async untilStatus(
    object: ScenarioObject,
    what: string,
    fits: (status: ObjectStatus) => boolean,
  ): Promise<ObjectStatus> {
    let last: ObjectStatus | undefined;
    const look = async () => {
      last = await this.driver.statusOf(object);
      return last !== undefined && fits(last) ? last : undefined;
    };
    return await this.eventually(`${object.kind} ${object.metadata.name} is ${what}`, look, () => JSON.stringify(last));
  }

  /** Looks again and again until there is an answer; throws with what was missed, and what was seen last, when there is none in time. */
  async eventually<T>(what: string, look: () => Promise<T | undefined>, seen: () => string = () => ''): Promise<T> {
    const until = performance.now() + this.driver.patienceMs;
    do {
      const found = await look();
      if (found !== undefined) return found;
      await delay(50);
    } while (performance.now() < until);
    throw new assert.AssertionError({
      message: `not within ${this.driver.patienceMs / 1000} s: ${what}. Seen last: ${seen()}`,
    });
  }

  /** The ready pods of an application of the bookstore, sorted by name. */
  replicas(app: string): Promise<readonly Replica[]> {
    return this.driver.replicas('app', app);
  }

  /** Makes a replica do wrong, as long as `during` takes. */
  async withFaults(replica: Replica, port: number, faults: Faults, during: () => Promise<void>): Promise<void> {
    const address = await this.driver.reach(replica, port);
    await setFaults(address, { failRate: 0, status: 503, delayMs: 0, ...faults });
    try {
      await during();
    } finally {
      await setFaults(address, { failRate: 0, status: 503, delayMs: 0 });
    }
  }

  /** Waits for a line in the access logs of the proxies of an application; they are written with some delay. */
  async logged(app: string, what: string, fits: (entry: AccessLogEntry) => boolean): Promise<AccessLogEntry> {
    return await this.eventually(`the access log of ${app} tells of ${what}`, async () => {
      for (const replica of await this.replicas(app)) {
        const found = (await this.driver.accessLog(replica)).find(fits);
        if (found !== undefined) return found;
      }
      return undefined;
    });
  }

  async #controlOf(caller: Caller): Promise<string> {
    const known = this.#controls.get(caller) ?? this.#findControl(caller);
    this.#controls.set(caller, known);
    return known;
  }

  async #findControl(caller: Caller): Promise<string> {
    const replica = await this.eventually(`the caller ${caller} runs`, async () => {
      const [first] = await this.driver.replicas(CALLER_LABEL, caller);
      return first;
    });
    const address = await this.driver.reach(replica, CONTROL_PORT);
    await this.eventually(`the caller ${caller} takes orders`, async () => {
      const empty: CallBatch = { call: { to: '', port: 0 }, count: 0, concurrency: 1 };
      const answer = await ask(address, '/calls', 'POST', JSON.stringify(empty)).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    });
    return address;
  }
}

async function setFaults(address: string, faults: Required<Faults>): Promise<void> {
  const query = Object.entries(faults).map(([name, value]) => `${name}=${value}`);
  const { body, status } = await ask(address, `/admin/faults?${query.join('&')}`, 'POST');
  assert.equal(status, 200, `${address} does not take faults: ${body}`);
}

function ask(address: string, path: string, method: string, body = ''): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const [host, port] = address.split(':');
    const signal = AbortSignal.timeout(60_000);
    const asked = httpRequest({ host, port, path, method, agent: false, signal }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
