import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bootstrapFor, tokenSecret } from '@dot-kube/proxy/bootstrap';
import {
  emptyResource,
  encodeResource,
  type EnvoyResource,
  explicitListeners,
  type ExplicitUpstream,
  formatAddress,
  identitySecret,
  routeName,
  type SocketAddress,
} from '@dot-kube/proxy/envoy';
import { type Locality, type SpiffeId, type Workload } from '@dot-kube/proxy/model';
import { type CacheChange, encodeResource as frame, ResourceCache, type TypeUrl, XdsServer } from '@dot-kube/proxy/xds';
import { systemClock } from '../../../../operator/framework/clock.ts';
import { type CaStore, CertificateAuthority, MemoryCaStore } from '../../../../operator/identity/index.ts';
import { startEnvoy } from '../../../tools/envoy-process.ts';
import { scratchDirectory } from '../../../tools/scratch-directory.ts';
import { buildService, buildWorkload, identity, type ServiceSpec, SETTINGS } from './fixtures.ts';
import { loopbackAddress } from './loopback.ts';
import { changes, compile, type Layers, zoneLayer } from './mesh-layers.ts';
import type { Certificate } from './tls.ts';
import { TestProxy } from './test-proxy.ts';

/** What to start beside an application, or for a caller that has none. */
export interface ProxySpec {
  readonly name: string;
  /** Default: the service account of its name. */
  readonly identity?: SpiffeId;
  /** Services that it calls, which are there already; `name#2` is an endpoint of a headless one. */
  readonly calls?: readonly string[];
  /** What its application takes in. Default: the workload of its name, if there is one. */
  readonly workload?: Workload;
  /** Where the application listens, by the workload's ports. */
  readonly targets?: Readonly<Record<number, { readonly address: string; readonly port: number }>>;
  readonly locality?: Locality;
  /** Resources of its own beside those listeners. */
  readonly own?: readonly EnvoyResource[];
  /** Worker threads. Default: 1. */
  readonly concurrency?: number;
}

interface MeshParts {
  readonly folder: string;
  readonly authority: CertificateAuthority;
  readonly cache: ResourceCache;
  readonly server: XdsServer;
  readonly port: number;
  /** Layers by the proxy's name. */
  readonly views: Map<string, readonly string[]>;
  /** What proxies said that refused something. */
  readonly refusals: string[];
}

interface Placement {
  readonly spec: ProxySpec;
  readonly workload: string;
  readonly outbound: readonly ExplicitUpstream[];
  readonly inbound: ReadonlyMap<number, SocketAddress>;
}

/** Where explicit listeners are bound, each on an address of its own. */
const PORT = 18_080;
/** A change is in force soon, or something is wrong. */
const IN_FORCE_MS = 8000;

/** Starts a control plane without any proxy or Service. Its root is in `store`. */
export async function startMesh(store: CaStore = new MemoryCaStore()): Promise<TestMesh> {
  const folder = await scratchDirectory('mesh');
  const authority = await newAuthority(store);
  await writeFile(join(folder, 'token.json'), JSON.stringify(tokenSecret({ kind: 'inline', text: 'test' })));
  const cache = new ResourceCache();
  const views = new Map<string, readonly string[]>();
  const refusals: string[] = [];
  const server = new XdsServer({
    cache,
    observer: {
      nacked: (event) =>
        void refusals.push(JSON.stringify(event, (_key, value) => (_key === 'resource' ? undefined : value))),
    },
    authenticate: async ({ node }) => ({ proxyId: node.id, layers: views.get(node.id) ?? [] }),
    emptyResource: (type, name) => {
      const empty = emptyResource(type, name);
      return empty === undefined ? undefined : frame(type, name, encodeResource(empty));
    },
  });
  const { port } = await server.listenPlaintextOnLoopback({ port: 0 });
  return new TestMesh({ folder, authority, cache, server, port, views, refusals });
}

/** A mesh of real Envoys over the real control plane, on loopback addresses and without Kubernetes. */
export class TestMesh implements AsyncDisposable {
  readonly #parts: MeshParts;
  readonly #services = new Map<
    string,
    ReturnType<typeof buildService> & { readonly spec: ServiceSpec; readonly address: string }
  >();
  readonly #workloads = new Map<string, Workload>();
  readonly #localities = new Map<string, Locality>();
  readonly #own = new Map<string, readonly EnvoyResource[]>();
  readonly #placements = new Map<string, Placement>();
  readonly #proxies: TestProxy[] = [];
  #layers: Layers = new Map();

  constructor(parts: MeshParts) {
    this.#parts = parts;
  }

  /** Adds Services or replaces them, and waits until all proxies that use them have the change. */
  async service(...specs: readonly ServiceSpec[]): Promise<void> {
    for (const spec of specs) {
      const address = this.#services.get(spec.name)?.address ?? `10.96.0.${this.#services.size + 1}:${spec.port ?? 80}`;
      this.#services.set(spec.name, { spec, address, ...buildService(spec, address) });
    }
    await this.apply();
  }

  /** Adds workloads or replaces them, and waits until their proxies have the change. */
  async workload(...workloads: readonly Workload[]): Promise<void> {
    for (const workload of workloads) this.#workloads.set(workload.key, workload);
    await this.apply();
  }

  /** Starts an Envoy; it is live, with all of its listeners, when this returns. */
  async proxy(spec: ProxySpec): Promise<TestProxy> {
    const { name, locality, workload } = spec;
    const key = workload?.key ?? name;
    if (workload !== undefined) this.#workloads.set(key, workload);
    const outbound = new Map((spec.calls ?? []).map((service) => [service, place()]));
    const inbound = new Map(Object.keys(spec.targets ?? {}).map((port) => [Number(port), place()]));
    const upstreams = [...outbound].map(([call, bind]) => this.#upstream(call, bind));
    this.#placements.set(name, { spec, workload: key, outbound: upstreams, inbound });
    const { certChainPem, privateKeyPem } = await this.#parts.authority.issueWorkload(spec.identity ?? identity(name));
    const secret = identitySecret({ certificateChain: certChainPem, privateKey: privateKeyPem });
    this.#own.set(`identity/${name}`, [secret]);
    if (locality !== undefined) this.#localities.set(zoneLayer(locality), locality);
    const zone = locality === undefined ? [] : [zoneLayer(locality)];
    this.#parts.views.set(name, ['mesh', ...zone, `class/${key}`, `identity/${name}`, `proxy/${name}`]);
    await this.apply();
    const envoy = await startEnvoy({
      bootstrap: this.#bootstrap(name),
      concurrency: spec.concurrency ?? 1,
      args: ['--drain-time-s', '0', '--drain-strategy', 'immediate', '--file-flush-interval-msec', '10'],
      timeoutMilliseconds: 20_000,
    });
    const proxy = new TestProxy(name, envoy, outbound, inbound);
    this.#proxies.push(proxy);
    this.#assertNothingRefused();
    return proxy;
  }

  /** A certificate of the mesh, for a caller that is no Envoy. */
  certificate(serviceAccount: string, namespace?: string): Promise<Certificate> {
    return issue(this.#parts.authority, serviceAccount, namespace);
  }

  /** One that names the same identity, of an authority that the mesh knows nothing of. */
  async strangerCertificate(serviceAccount: string): Promise<Certificate> {
    return issue(await newAuthority(), serviceAccount);
  }

  /** The control plane goes away; its proxies stay. */
  async stopControlPlane(): Promise<void> {
    await this.#parts.server.close();
  }

  /** The address that callers dial for a Service. */
  addressOf(service: string): string {
    return this.#services.get(service)?.address ?? '';
  }

  /** What the control plane has told a proxy of a type, by name. */
  told(proxy: string, type: TypeUrl): readonly string[] {
    const status = this.#parts.server.proxies().find(({ id }) => id === proxy);
    return (status?.types.find((each) => each.type === type)?.resources ?? []).map(({ name }) => name);
  }

  /** Sends what has changed, and waits until every proxy that is to have it has acknowledged it. */
  async apply(): Promise<void> {
    const { authority, cache } = this.#parts;
    for (const [name, placement] of this.#placements) this.#own.set(`proxy/${name}`, this.#listeners(placement));
    const layers = compile({
      services: [...this.#services.values()].map(({ service }) => service),
      sets: [...this.#services.values()].flatMap(({ sets }) => sets),
      workloads: [...this.#workloads.values()],
      roots: authority.trustBundle.pem,
      localities: [...this.#localities.values()],
      own: this.#own,
    });
    let change: CacheChange | undefined;
    const unsubscribe = cache.subscribe((made) => (change = made));
    cache.update(changes(this.#layers, layers));
    unsubscribe();
    this.#layers = layers;
    cache.markSynced();
    if (change !== undefined) await this.#inForce(change);
    this.#assertNothingRefused();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.envoy.stop()));
    await this.#parts.server.close();
    await rm(this.#parts.folder, { recursive: true, force: true });
  }

  async #inForce({ revision, changed }: CacheChange): Promise<void> {
    const { server } = this.#parts;
    const deadline = performance.now() + IN_FORCE_MS;
    for (const proxy of server.connected()) {
      for (const entry of changed) {
        while (server.uses(proxy, entry) && server.ackedRevision(proxy, entry) < revision) {
          if (performance.now() > deadline) {
            const words = server
              .proxies()
              .map((status) => JSON.stringify(status))
              .join('\n');
            throw new Error(`${proxy} has not acknowledged ${entry.type} ${entry.name}:\n${words}`);
          }
          await delay(2);
        }
      }
    }
  }

  #assertNothingRefused(): void {
    const [first] = this.#parts.refusals;
    if (first !== undefined) throw new Error(`an Envoy refused: ${first}`);
  }

  #listeners({ spec, workload, outbound, inbound }: Placement): readonly EnvoyResource[] {
    const intakes = [...inbound].map(([port, bind]) => {
      const target = spec.targets?.[port];
      if (target === undefined) throw new Error(`port ${port} of ${spec.name} has no target`);
      return { port, bind, target };
    });
    const taken = this.#workloads.get(workload) ?? buildWorkload(workload, []);
    return [...explicitListeners({ inbound: intakes, outbound }, taken, SETTINGS), ...(spec.own ?? [])];
  }

  #upstream(call: string, bind: SocketAddress): ExplicitUpstream {
    const [name = '', index] = call.split('#');
    const service = this.#services.get(name);
    if (service === undefined) throw new Error(`there is no Service ${name} to call`);
    const protocol = service.spec.protocol ?? 'http';
    if (index === undefined) return { bind, protocol, dialled: service.address };
    const endpoint = service.sets[0]?.endpoints[Number(index)];
    if (endpoint === undefined) throw new Error(`there is no endpoint ${index} of ${name}`);
    const { ref, ports } = service.service;
    return { bind, protocol, dialled: formatAddress(endpoint), routes: routeName(ref, ports[0]?.port ?? 80) };
  }

  #bootstrap(name: string) {
    const { folder, port } = this.#parts;
    return bootstrapFor({
      node: { id: name, cluster: name },
      controlPlane: {
        kind: 'plaintext',
        addresses: [{ host: '127.0.0.1', port }],
        token: { path: join(folder, 'token.json'), watchedDirectory: folder },
      },
    });
  }
}

function place(): SocketAddress {
  return { address: loopbackAddress(), port: PORT };
}

function newAuthority(store: CaStore = new MemoryCaStore()): Promise<CertificateAuthority> {
  const { trustDomain } = SETTINGS;
  return CertificateAuthority.open({ store, trustDomain, clock: systemClock });
}

async function issue(authority: CertificateAuthority, account: string, namespace?: string): Promise<Certificate> {
  const { certChainPem, privateKeyPem } = await authority.issueWorkload(identity(account, namespace));
  return { cert: certChainPem, key: privateKeyPem };
}
