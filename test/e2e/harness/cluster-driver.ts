import { resourceKind } from '../../../operator/framework/index.ts';
import { isNotFound } from '../../../operator/framework/api/api-error.ts';
import { type ObjectStatus, objectStatus } from '../../../operator/local/status/status-report.ts';
import { type AccessLogEntry, parseAccessLogLine } from '../../../operator/local/traffic/access-log-entry.ts';
import { PROXY_CONTAINER } from '../../../operator/build/pod-class.ts';
import { NAMESPACE } from '../../scenarios/bookstore.ts';
import type { Replica, ScenarioDriver, ScenarioObject } from '../../scenarios/scenario-driver.ts';
import { type E2eCluster, isReady } from './cluster.ts';

/** The bookstore and the callers in a cluster. */
export class ClusterDriver implements ScenarioDriver {
  readonly namespace = NAMESPACE;
  readonly patienceMs = 30_000;
  readonly #cluster: E2eCluster;
  readonly #forwards = new Map<string, Promise<string>>();

  constructor(cluster: E2eCluster) {
    this.#cluster = cluster;
  }

  async apply(objects: readonly ScenarioObject[]): Promise<void> {
    await this.#cluster.apply(objects);
  }

  async remove(objects: readonly ScenarioObject[]): Promise<void> {
    const items = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    await this.#cluster.kubectl.input(items, 'delete', '--ignore-not-found', '--wait', '-f', '-');
  }

  async statusOf({ apiVersion, kind, metadata }: ScenarioObject): Promise<ObjectStatus | undefined> {
    try {
      const { name, namespace = NAMESPACE } = metadata;
      return objectStatus(await this.#cluster.api.get(resourceKind(apiVersion, kind), { name, namespace }));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async replicas(label: string, value: string): Promise<readonly Replica[]> {
    const pods = await this.#cluster.pods(NAMESPACE, `${label}=${value}`);
    return pods.filter(isReady).map(({ metadata, status }) => ({
      name: metadata.name,
      labels: metadata.labels ?? {},
      address: status.podIP ?? '',
    }));
  }

  reach({ name }: Replica, port: number): Promise<string> {
    const key = `${name}:${port}`;
    const known = this.#forwards.get(key) ?? this.#cluster.forward(NAMESPACE, name, port);
    this.#forwards.set(key, known);
    return known;
  }

  async accessLog({ name }: Replica): Promise<readonly AccessLogEntry[]> {
    const text = await this.#cluster.kubectl('logs', '-n', NAMESPACE, name, '-c', PROXY_CONTAINER, '--tail=5000');
    return text.split('\n').flatMap((line) => parseAccessLogLine(line) ?? []);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cluster[Symbol.asyncDispose]();
  }
}
