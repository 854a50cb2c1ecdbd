import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UpProcess } from '../../../operator/cli/demo/up-process.ts';
import { askLocal } from '../../../operator/local/status/local-client.ts';
import type { ObjectStatus, ReplicaReport, StatusReport } from '../../../operator/local/status/status-report.ts';
import { type AccessLogEntry, parseAccessLogLine } from '../../../operator/local/traffic/access-log-entry.ts';
import { manifests, NAMESPACE } from '../../scenarios/bookstore.ts';
import { callerObjects } from '../../scenarios/index.ts';
import type { Replica, ScenarioDriver, ScenarioObject } from '../../scenarios/scenario-driver.ts';

const ROOT = join(import.meta.dirname, '../../..');
const START_MS = 90_000;
/** What the scenarios themselves do not call. */
const LEFT_OUT = new Set(['shopper', 'storefront']);

/** The bookstore and the callers under `dotkube up`, whose folder the scenarios write into. */
export class LocalDriver implements ScenarioDriver {
  readonly namespace = NAMESPACE;
  readonly patienceMs = 20_000;
  readonly #root: string;
  readonly #up: UpProcess;
  readonly #socket: string;
  readonly #written = new Map<string, string>();

  private constructor(root: string, up: UpProcess, socket: string) {
    this.#root = root;
    this.#up = up;
    this.#socket = socket;
  }

  /** Returns when all replicas are ready. */
  static async start(): Promise<LocalDriver> {
    const root = await mkdtemp(join(tmpdir(), 'dotkube-scenarios-'));
    const folder = join(root, 'bookstore');
    await mkdir(folder);
    const callers = await callerObjects({ namespace: NAMESPACE, resolve: 'environment', image: 'none' });
    const store = (await manifests()).filter(
      ({ kind, metadata }) => kind !== 'Deployment' || !LEFT_OUT.has(metadata.name),
    );
    const documents = [...store, ...callers].map((object) => JSON.stringify(object));
    await writeFile(join(folder, 'all.yaml'), documents.join('\n---\n'));
    const options = { folder, runDirectory: join(root, 'run'), workingDirectory: ROOT, onStderr: () => {} };
    const up = new UpProcess({ ...options, environment: { ...process.env, NO_COLOR: '1' } });
    try {
      return new LocalDriver(root, up, await up.ready(START_MS));
    } catch (error) {
      await up.kill();
      await rm(root, { recursive: true, force: true });
      throw new Error(`${String(error)}\n${up.output.slice(-3000)}`, { cause: error });
    }
  }

  async apply(objects: readonly ScenarioObject[]): Promise<void> {
    for (const object of objects) {
      const path = this.#pathOf(object);
      const text = JSON.stringify(object);
      if (this.#written.get(path) === text) continue;
      const before = await this.statusOf(object);
      await writeFile(path, text);
      this.#written.set(path, text);
      // Until it is read the status of the last generation may say that all is well.
      await this.#until(object, 'read', (status) => status !== undefined && status.generation !== before?.generation);
    }
  }

  async remove(objects: readonly ScenarioObject[]): Promise<void> {
    for (const object of objects) {
      await rm(this.#pathOf(object), { force: true });
      this.#written.delete(this.#pathOf(object));
    }
    for (const object of objects) await this.#until(object, 'gone', (status) => status === undefined);
  }

  async statusOf({ kind, metadata }: ScenarioObject): Promise<ObjectStatus | undefined> {
    const { objects } = await askLocal<StatusReport>(this.#socket, '/v1/status');
    return objects.find((object) => object.kind === kind && object.name === metadata.name);
  }

  async replicas(label: string, value: string): Promise<readonly Replica[]> {
    const found = (await this.#reports()).filter(
      ({ labels, ready, terminating }) => labels[label] === value && ready && !terminating,
    );
    return found.map(({ address, labels, pod }) => ({ name: pod.slice(pod.indexOf('/') + 1), labels, address }));
  }

  async reach({ name }: Replica, port: number): Promise<string> {
    const report = (await this.#reports()).find(({ pod }) => pod === `${NAMESPACE}/${name}`);
    const [host = ''] = report?.application.split(':') ?? [];
    return `${host}:${port}`;
  }

  async accessLog({ name }: Replica): Promise<readonly AccessLogEntry[]> {
    const text = await readFile(join(this.#root, 'run', 'logs', `${NAMESPACE}_${name}.access.log`), 'utf8');
    return text.split('\n').flatMap((line) => parseAccessLogLine(line) ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#up.end([]);
    } finally {
      await this.#up.kill();
      await rm(this.#root, { recursive: true, force: true });
    }
  }

  async #until(
    object: ScenarioObject,
    what: string,
    fits: (status: ObjectStatus | undefined) => boolean,
  ): Promise<void> {
    const deadline = performance.now() + this.patienceMs;
    while (!fits(await this.statusOf(object))) {
      const said = this.#up.output.slice(-2000);
      if (performance.now() > deadline)
        throw new Error(`${object.kind} ${object.metadata.name} is not ${what}:\n${said}`);
      await delay(20);
    }
  }

  #pathOf({ kind, metadata }: ScenarioObject): string {
    return join(this.#root, 'bookstore', `${kind}-${metadata.name}.yaml`);
  }

  #reports(): Promise<readonly ReplicaReport[]> {
    return askLocal<readonly ReplicaReport[]>(this.#socket, '/v1/replicas');
  }
}
