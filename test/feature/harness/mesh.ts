import { AdsClient, type AdsClientOptions } from '@dot-kube/proxy/xds/testing';
import { typeUrls } from '@dot-kube/proxy/xds';
import type { MeshStatus } from '../../../operator/api/index.ts';
import {
  apiVersionOf,
  createMetricsRegistry,
  findCondition,
  type KubernetesObject,
  keyOfObject,
  type ResourceKind,
  resourceKind,
  silentLogger,
  systemClock,
} from '../../../operator/framework/index.ts';
import { InMemoryApi } from '../../../operator/framework/memory/index.ts';
import { CertificateAuthority, LocalTokenIssuer } from '../../../operator/identity/index.ts';
import { MemoryCaStore } from '../../../operator/identity/ca-store.ts';
import { Operator } from '../../../operator/operator.ts';
import { NAMESPACE } from './objects.ts';

/** A control plane over an API in memory, and proxies that are test clients: objects in, xDS out over real streams. */
export class TestMesh implements AsyncDisposable {
  readonly api: InMemoryApi;
  readonly operator: Operator;
  readonly #tokens: LocalTokenIssuer;
  readonly #authority: CertificateAuthority;
  readonly #stop = new AbortController();
  readonly #clients: AdsClient[] = [];
  #running: Promise<void> = Promise.resolve();
  #port = 0;

  private constructor(api: InMemoryApi, authority: CertificateAuthority) {
    this.api = api;
    this.#authority = authority;
    this.#tokens = new LocalTokenIssuer({ clock: systemClock });
    this.operator = new Operator({
      api,
      settings: { trustDomain: 'cluster.local', clusterDomain: 'cluster.local', serviceCidrs: ['10.96.0.0/16'] },
      capture: 'redirect',
      authority,
      tokens: this.#tokens,
      xds: { address: { host: '127.0.0.1', port: 0 }, names: { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] } },
      instance: 'test',
      clock: systemClock,
      log: silentLogger,
      metrics: createMetricsRegistry(),
    });
  }

  static async start(objects: readonly KubernetesObject[]): Promise<TestMesh> {
    const api = new InMemoryApi();
    const authority = await CertificateAuthority.open({
      store: new MemoryCaStore(),
      trustDomain: 'cluster.local',
      clock: systemClock,
    });
    const mesh = new TestMesh(api, authority);
    await mesh.apply(...objects);
    mesh.#running = mesh.operator.run(mesh.#stop.signal);
    mesh.#port = await mesh.operator.listening();
    return mesh;
  }

  /** Applies objects as a user would; a status in them is written too. */
  async apply(...objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) {
      const kind = kindOf(object);
      const { status, ...rest } = object;
      await this.api.apply(kind, rest, { fieldManager: 'user', force: true });
      if (status !== undefined) {
        const { apiVersion, metadata } = object;
        await this.api.apply(
          kind,
          { apiVersion, kind: object.kind, metadata, status },
          { fieldManager: 'user', subresource: 'status' },
        );
      }
    }
  }

  async delete(object: KubernetesObject): Promise<void> {
    await this.api.delete(kindOf(object), object.metadata);
  }

  /** Connects as the proxy of a pod, and asks for what an Envoy asks for at its start. */
  async connect(podName: string, options: Partial<AdsClientOptions> = {}): Promise<AdsClient> {
    const pod = await this.api.get(resourceKind('v1', 'Pod'), { namespace: NAMESPACE, name: podName });
    const serviceAccount = (pod.spec as { readonly serviceAccountName?: string }).serviceAccountName ?? 'default';
    const { token } = this.#tokens.issue({
      namespace: NAMESPACE,
      serviceAccount,
      podName,
      podUid: pod.metadata.uid ?? '',
    });
    const client = new AdsClient({ port: this.#port, ca: this.#authority.trustBundle.pem, token, ...options });
    this.#clients.push(client);
    client.subscribe(typeUrls.cluster);
    client.subscribe(typeUrls.listener);
    client.subscribe(typeUrls.scopedRoute);
    return client;
  }

  async status(object: KubernetesObject): Promise<MeshStatus | undefined> {
    return (await this.api.get(kindOf(object), object.metadata)).status as MeshStatus | undefined;
  }

  /** Waits until a condition of the object's current generation has a status, and maybe a reason; answers the status. */
  async until(object: KubernetesObject, type: string, wanted: string, milliseconds = 5000): Promise<MeshStatus> {
    const [status, reason] = wanted.split(' ');
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const now = await this.api.get(kindOf(object), object.metadata);
      const found = now.status as MeshStatus | undefined;
      const condition = findCondition(found?.conditions, type);
      const isCurrent = condition?.observedGeneration === now.metadata.generation;
      if (isCurrent && condition?.status === status && (reason === undefined || condition?.reason === reason))
        return found ?? {};
      if (performance.now() > deadline) {
        throw new Error(`${keyOfObject(object)}: ${type} is not ${wanted}: ${JSON.stringify(found, undefined, 1)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Waits until a condition says exactly this. */
  async untilMessage(object: KubernetesObject, type: string, message: string, milliseconds = 5000): Promise<void> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const found = findCondition((await this.status(object))?.conditions, type);
      if (found?.message === message) return;
      if (performance.now() > deadline) throw new Error(`${type} does not say "${message}" but "${found?.message}"`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.close();
    this.#stop.abort();
    await this.#running;
  }
}

function kindOf(object: KubernetesObject): ResourceKind {
  const kind = resourceKind(object.apiVersion, object.kind);
  if (apiVersionOf(kind) !== object.apiVersion) throw new Error(`not a kind: ${object.apiVersion}`);
  return kind;
}
