import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { type TypeUrl, typeUrls } from '@dot-kube/proxy/xds';
import { AdsClient } from '@dot-kube/proxy/xds/testing';
import type { FaultMesh } from './fault-mesh.ts';
import { SHOP } from './shop-objects.ts';

/** How long such a proxy waits before it connects again: as our bootstrap has Envoy do it in these tests. */
const RECONNECT_MS = { base: 50, max: 500 };

/** Pods that are made at the same time. */
const AT_ONCE = 20;

/** Proxies without an Envoy: streams of pods of their own, which subscribe, acknowledge, and come back when the control plane does. */
export class SimulatedProxies implements AsyncDisposable {
  readonly #proxies: readonly SimulatedProxy[];

  private constructor(proxies: readonly SimulatedProxy[]) {
    this.#proxies = proxies;
  }

  /** Makes so many pods, each with a token of its own; their proxies use these Services, by the names of their resources. */
  static async start(mesh: FaultMesh, count: number, uses: readonly string[]): Promise<SimulatedProxies> {
    // Made once, as every Envoy does; for each attempt anew it is what all of them together mostly do while nobody listens.
    const ca = await mesh.operator.rootsPem();
    const context = createSecureContext({ ca, minVersion: 'TLSv1.3' });
    const proxies: SimulatedProxy[] = [];
    const make = async (index: number): Promise<void> => {
      const spec = { namespace: SHOP, name: `simulated-${index}`, app: 'simulated', ip: addressOf(index) };
      await mesh.cluster.pod(spec);
      const token = await mesh.cluster.token(spec);
      proxies.push(new SimulatedProxy({ port: mesh.controlPlane.port, ca, context, token, nodeId: spec.name, uses }));
    };
    for (let first = 0; first < count; first += AT_ONCE) {
      const indices = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, offset) => first + offset);
      await Promise.all(indices.map(make));
    }
    return new SimulatedProxies(proxies);
  }

  /** How many have been told a resource that holds this text, on the streams that they have now. */
  told(type: TypeUrl, name: string, text: string): number {
    return this.#proxies.filter((proxy) => proxy.isTold(type, name, text)).length;
  }

  get size(): number {
    return this.#proxies.length;
  }

  /** How often all of them together have opened a stream on which something was said. */
  get streams(): number {
    return this.#proxies.reduce((sum, { streams }) => sum + streams, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()));
  }
}

interface SimulatedProxyOptions {
  readonly port: number;
  readonly ca: string;
  readonly context: SecureContext;
  readonly token: string;
  readonly nodeId: string;
  readonly uses: readonly string[];
}

class SimulatedProxy {
  readonly #options: SimulatedProxyOptions;
  /** What it holds from earlier streams: versions by name. */
  readonly #held = new Map<TypeUrl, Map<string, string>>();
  readonly #over = new AbortController();
  readonly #running: Promise<void>;
  #client: AdsClient | undefined;
  streams = 0;

  constructor(options: SimulatedProxyOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  isTold(type: TypeUrl, name: string, text: string): boolean {
    const bytes = this.#client?.resources(type).get(name)?.bytes;
    return bytes !== undefined && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text);
  }

  async stop(): Promise<void> {
    this.#over.abort();
    this.#client?.stream.destroy();
    await this.#running;
  }

  async #run(): Promise<void> {
    let pause = RECONNECT_MS.base;
    while (!this.#over.signal.aborted) {
      if (await this.#stream()) {
        this.streams += 1;
        pause = RECONNECT_MS.base;
      }
      await delay(pause * (0.5 + Math.random() / 2), undefined, { signal: this.#over.signal }).catch(() => undefined);
      pause = Math.min(RECONNECT_MS.max, 2 * pause);
    }
  }

  /** Follows a stream to its end; answers whether something was said on it. */
  async #stream(): Promise<boolean> {
    const { uses, context, ...options } = this.#options;
    const connection = await connected(options.port, context);
    if (connection === undefined) return false;
    const client = new AdsClient({ ...options, connection });
    this.#client = client;
    if (this.#over.signal.aborted) client.stream.destroy();
    const { cluster, endpoints, listener, route, scopedRoute } = typeUrls;
    for (const type of [cluster, listener, scopedRoute]) client.subscribe(type, [], this.#versions(type));
    for (const type of [cluster, endpoints, route]) client.subscribe(type, uses, this.#versions(type));
    await client.until(() => client.ended !== undefined, 2 ** 31 - 1);
    await client.close();
    this.#client = undefined;
    for (const type of Object.values(typeUrls)) this.#keep(type, client);
    return client.responses.length > 0;
  }

  #versions(type: TypeUrl): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#held.get(type) ?? []);
  }

  #keep(type: TypeUrl, client: AdsClient): void {
    const held = this.#held.get(type) ?? new Map<string, string>();
    this.#held.set(type, held);
    for (const { resources, removed } of client.responsesOf(type)) {
      for (const { name, version } of resources) held.set(name, version);
      for (const name of removed) held.delete(name);
    }
  }
}

/** Begins TLS where somebody listens, as Envoy does: an attempt that is refused costs a system call or two. */
async function connected(port: number, secureContext: SecureContext): Promise<TLSSocket | undefined> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } catch {
    return undefined;
  }
  return connectTls({ socket, secureContext, ALPNProtocols: ['h2'], checkServerIdentity: () => undefined });
}

/** An address that no pod of the network has. */
function addressOf(index: number): string {
  return `10.250.${Math.floor(index / 250)}.${2 + (index % 250)}`;
}
