import { typeUrls } from '@dot-kube/proxy/xds';
import { AdsClient } from '@dot-kube/proxy/xds/testing';
import type { FaultMesh } from '../../harness/fault-mesh.ts';
import { SHOP, sliceOf } from '../../harness/shop-objects.ts';

const SERVICE = { name: 'catalog', selector: { app: 'catalog' } };
const CLUSTER = `${SHOP}/${SERVICE.name}:80`;

/** Somebody who may connect, and how long changes take to get there. */
export class Propagation implements AsyncDisposable {
  readonly #mesh: FaultMesh;
  readonly #client: AdsClient;
  #changes = 0;

  private constructor(mesh: FaultMesh, client: AdsClient) {
    this.#mesh = mesh;
    this.#client = client;
  }

  static async start(mesh: FaultMesh): Promise<Propagation> {
    await mesh.services(SERVICE);
    const propagation = new Propagation(mesh, await connected(mesh, 'client-0'));
    await propagation.measure(3);
    return propagation;
  }

  /** Milliseconds from the API write to the client, of so many changes one after the other. */
  async measure(count: number): Promise<readonly number[]> {
    const taken: number[] = [];
    for (let index = 0; index < count; index += 1) taken.push(await this.#change());
    return taken;
  }

  /** As long as something goes on. */
  async measureWhile(ongoing: Promise<unknown>): Promise<readonly number[]> {
    const taken: number[] = [];
    const state = { isOver: false };
    const over = ongoing.finally(() => (state.isOver = true));
    while (!state.isOver) taken.push(await this.#change());
    await over;
    return taken;
  }

  /** Milliseconds that somebody new takes to connect and be told something. */
  async connectAnew(): Promise<number> {
    const started = performance.now();
    await using client = await connected(this.#mesh, 'client-1');
    await client.until(() => client.resources(typeUrls.endpoints).has(CLUSTER), 10_000);
    return performance.now() - started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
  }

  async #change(): Promise<number> {
    this.#changes += 1;
    const ip = `10.251.${this.#changes >> 8}.${this.#changes & 0xff}`;
    const started = performance.now();
    await this.#mesh.cluster.apply(sliceOf(SERVICE, [{ name: 'catalog-0', ip }]));
    const isTold = (): boolean => {
      const bytes = this.#client.resources(typeUrls.endpoints).get(CLUSTER)?.bytes;
      return bytes !== undefined && Buffer.from(bytes).includes(ip);
    };
    if (!isTold()) await this.#client.until(isTold, 10_000);
    return performance.now() - started;
  }
}

async function connected(mesh: FaultMesh, name: string): Promise<AdsClient> {
  const spec = { namespace: SHOP, name, app: 'caller', ip: name.endsWith('0') ? '10.250.0.2' : '10.250.0.3' };
  await mesh.cluster.pod(spec);
  const token = await mesh.cluster.token(spec);
  const client = new AdsClient({
    port: mesh.controlPlane.port,
    ca: await mesh.operator.rootsPem(),
    token,
    nodeId: name,
  });
  client.subscribe(typeUrls.cluster, []);
  client.subscribe(typeUrls.endpoints, [CLUSTER]);
  return client;
}
