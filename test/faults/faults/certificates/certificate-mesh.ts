import {
  Forwarder,
  type MeshPod,
  type ProxyProcess,
  startProxy,
  SYSTEM_NAMESPACE,
} from '../../../integration/harness/index.ts';
import { SECRET, type Secret, secretFiles } from '../../../../operator/identity/index.ts';
import { FaultMesh } from '../../harness/fault-mesh.ts';
import type { Load } from '../../harness/load.ts';
import { type LoadResult, together } from '../../harness/load-results.ts';
import { policy, SHOP } from '../../harness/shop-objects.ts';
import { Kubelet } from './kubelet.ts';
import { Rotations } from './rotations.ts';

/** How long certificates live, seconds. */
export const LIFE_S = 20;

/** Requests per second: on connections that are kept, over HTTP/2, and on one for each request, which is a handshake each. */
export const RATE = { kept: 140, h2c: 140, fresh: 20 } as const;

/** The Secret of the root. */
const CA = { namespace: SYSTEM_NAMESPACE, name: 'dot-kube-ca' };

const FLAGS = ['--certificate-lifetime', String(LIFE_S), '--ca-secret', CA.name, '--root-change-hold', '4'];

/** A mesh whose certificates live for seconds, with its root in a Secret, under load. */
export class CertificateMesh implements AsyncDisposable {
  readonly mesh: FaultMesh;
  readonly rotations: Rotations;
  /** Between the control plane and a proxy that serves. */
  readonly #forwarder: Forwarder;
  readonly #other: MeshPod;
  #otherProxy: ProxyProcess;
  #loads: readonly Load[] = [];
  readonly #scope: AsyncDisposableStack;

  private constructor(mesh: FaultMesh, forwarder: Forwarder, other: MeshPod, scope: AsyncDisposableStack) {
    this.mesh = mesh;
    this.#forwarder = forwarder;
    this.#other = other;
    this.#otherProxy = other.proxy;
    this.#scope = scope;
    const proxies = (): readonly ProxyProcess[] => [
      ...mesh.pods.filter((pod) => pod !== other).map(({ proxy }) => proxy),
      this.#otherProxy,
    ];
    scope.use(new Kubelet(() => mesh.operator.rootsPem(), proxies));
    const serving = mesh.pods.filter((pod) => pod !== other).map(({ name, proxy }) => [name, () => proxy] as const);
    this.rotations = scope.use(new Rotations(new Map(serving)));
  }

  static async start(): Promise<CertificateMesh> {
    await using scope = new AsyncDisposableStack();
    const mesh = scope.use(await FaultMesh.start({ flags: FLAGS }));
    // One request for each connection: a handshake for each.
    await mesh.cluster.apply(
      policy('MeshPolicy', 'fresh', {
        targetRefs: [{ kind: 'Service', name: 'catalog-fresh' }],
        circuitBreaker: { maxRequestsPerConnection: 1 },
      }),
    );
    const forwarder = scope.use(await Forwarder.start(mesh.network.hostAddress, () => mesh.controlPlane));
    const [, , other] = await mesh.start(
      { name: 'caller-0', app: 'caller', isCaller: true },
      { name: 'catalog-0', app: 'catalog', controlPlanes: [forwarder.address] },
      { name: 'caller-1', app: 'caller', isCaller: true },
    );
    if (other === undefined) throw new Error('three pods were asked for');
    return new CertificateMesh(mesh, forwarder, other, scope.move());
  }

  /** Begins to call: on connections that are kept, over HTTP/2, and on one for each request. */
  async begin(): Promise<void> {
    const addresses = await this.#services();
    this.#loads = await this.#callFrom(this.mesh.podOf('caller-0'), addresses, 1);
  }

  /** What became of all requests. */
  async end(): Promise<LoadResult> {
    return together(await Promise.all(this.#loads.map((load) => load.stop())));
  }

  /** Cuts a proxy's stream; resolves when it has connected again, and throws when it does not. */
  async reconnect(): Promise<void> {
    const before = this.#connected('shop/catalog-0');
    this.#forwarder.cut();
    if (!(await this.rotations.until(() => this.#connected('shop/catalog-0') > before, 10_000)))
      throw new Error(`it does not connect: ${this.mesh.podOf('catalog-0').proxy.logs().slice(-2000)}`);
  }

  /** Ends the proxy of the pod that does not call yet, starts another in its place, and calls with that for so long. */
  async restart(milliseconds: number): Promise<LoadResult> {
    const { cluster, controlPlane, operator } = this.mesh;
    const { application, name } = this.#other;
    await this.#otherProxy.stop();
    this.#otherProxy = await startProxy({
      controlPlanes: [controlPlane],
      rootsPem: await operator.rootsPem(),
      token: await cluster.token({ namespace: SHOP, name, app: 'caller' }),
      proxyId: `${name}.${SHOP}`,
      networkOf: application.holderPid,
    });
    const proxy = this.#otherProxy;
    this.#scope.defer(() => proxy.stop());
    const loads = await this.#callFrom(this.#other, await this.#addresses(), 0.2);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return together(await Promise.all(loads.map((load) => load.stop())));
  }

  /** The Secret of the root; undefined when there is none. */
  async secret(): Promise<Secret | undefined> {
    const { items } = await this.mesh.cluster.api.list(SECRET, { namespace: CA.namespace });
    return items.find(({ metadata }) => metadata.name === CA.name);
  }

  /** What is in it. */
  async stored(): Promise<string> {
    const secret = await this.secret();
    return secret === undefined ? '' : (secretFiles(secret)['ca.json'] ?? '');
  }

  /** Writes something else over it. */
  async garble(): Promise<void> {
    await this.#kubectl('patch', 'secret', CA.name, '--type=merge', '-p', '{"stringData":{"ca.json":"lost"}}');
  }

  async deleteSecret(): Promise<void> {
    await this.#kubectl('delete', 'secret', CA.name);
  }

  async askForRoot(): Promise<void> {
    await this.#kubectl('annotate', 'secret', CA.name, 'mesh.dot-kube.io/rotate-root=now');
  }

  /** The value of a line of the operator's metrics; 0 where it is not. */
  async metric(name: string): Promise<number> {
    const { body } = await this.mesh.operator.health('/metrics');
    const line = body.split('\n').find((each) => each.startsWith(`${name} `));
    return line === undefined ? 0 : Number(line.slice(name.length + 1));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope.disposeAsync();
  }

  async #services(): Promise<readonly string[]> {
    const selector = { app: 'catalog' };
    return await this.mesh.services(
      { name: 'catalog', selector },
      { name: 'catalog-h2c', selector, protocol: 'h2c' },
      { name: 'catalog-fresh', selector },
    );
  }

  #addresses(): Promise<readonly string[]> {
    return Promise.all(['catalog', 'catalog-h2c', 'catalog-fresh'].map((name) => this.mesh.addressOf(name)));
  }

  async #callFrom(pod: MeshPod, [kept, h2c, fresh]: readonly string[], share: number): Promise<readonly Load[]> {
    // The first call waits for its route.
    for (const address of [kept, fresh]) await pod.call(address ?? '', 80);
    return [
      await this.mesh.load(pod, { rate: RATE.kept * share, url: `http://${kept}/` }),
      await this.mesh.load(pod, { rate: RATE.h2c * share, url: `http://${h2c}/`, protocol: 'h2c' }),
      await this.mesh.load(pod, { rate: RATE.fresh * share, url: `http://${fresh}/` }),
    ];
  }

  #connected(proxy: string): number {
    return this.mesh.operator.log().filter((line) => line.message === 'a proxy connected' && line['proxy'] === proxy)
      .length;
  }

  async #kubectl(...args: readonly string[]): Promise<void> {
    await this.mesh.cluster.kubectl('-n', CA.namespace, ...args);
  }
}
