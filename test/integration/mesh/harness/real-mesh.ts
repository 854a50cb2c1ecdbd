import type { MeshStatus } from '../../../../operator/api/index.ts';
import {
  createMetricsRegistry,
  findCondition,
  type KubernetesObject,
  type Logger,
  type ResourceKind,
  resourceKind,
  silentLogger,
  systemClock,
} from '../../../../operator/framework/index.ts';
import { InMemoryApi } from '../../../../operator/framework/memory/index.ts';
import {
  CertificateAuthority,
  type CertificateAuthorityOptions,
  LocalTokenIssuer,
  MemoryCaStore,
} from '../../../../operator/identity/index.ts';
import { Operator, type OperatorOptions } from '../../../../operator/operator.ts';
import { validateObject } from '../../../../operator/validation/index.ts';
import {
  type CapturePod,
  MeshPod,
  type MeshPodOptions,
  podObject,
  PodNetwork,
  type PodSpec,
} from '../../harness/index.ts';
import { NAMESPACE } from './objects.ts';

/** How this mesh differs from a usual one. */
export interface RealMeshOptions {
  /** What is there before the operator starts. */
  readonly objects?: readonly KubernetesObject[];
  readonly authority?: Partial<Pick<CertificateAuthorityOptions, 'leafTtlMs' | 'rootTtlMs'>>;
  readonly operator?: Partial<OperatorOptions>;
  /** Default: rules that need no tool to be installed. */
  readonly capture?: CapturePod;
  /** Services and pods have IPv6 addresses too, which `capture` has to redirect as well. Default: false. */
  readonly hasIpv6?: boolean;
  readonly log?: Logger;
}

type RealPodOptions = Partial<Omit<MeshPodOptions, 'cluster' | 'network' | 'operator' | 'namespace'>> & {
  /** The label `app` and the service account; the first pod of it is `app-0`. */
  readonly app: string;
};

/**
 * An operator in this process over an API in memory, and pods with network namespaces of their own and real Envoys, which connect
 * to it over TLS with their tokens.
 */
export class RealMesh implements AsyncDisposable {
  readonly api: InMemoryApi;
  readonly authority: CertificateAuthority;
  readonly network: PodNetwork;
  readonly operator: Operator;
  readonly #tokens: LocalTokenIssuer;
  readonly #stop = new AbortController();
  readonly #pods: MeshPod[] = [];
  #running: Promise<void> = Promise.resolve();
  #port = 0;

  private constructor(
    api: InMemoryApi,
    authority: CertificateAuthority,
    network: PodNetwork,
    { operator, hasIpv6 = false, log = silentLogger }: RealMeshOptions,
  ) {
    this.api = api;
    this.authority = authority;
    this.network = network;
    this.#tokens = new LocalTokenIssuer({ clock: systemClock });
    this.operator = new Operator({
      api,
      settings: {
        trustDomain: 'cluster.local',
        clusterDomain: 'cluster.local',
        serviceCidrs: ['10.96.0.0/16', ...(hasIpv6 ? ['fd00:10:96::/112'] : [])],
        families: hasIpv6 ? ['ipv4', 'ipv6'] : ['ipv4'],
      },
      capture: 'redirect',
      authority,
      tokens: this.#tokens,
      xds: { address: { host: network.hostAddress, port: 0 }, names: { dnsNames: ['localhost'] } },
      instance: 'test',
      clock: systemClock,
      log,
      metrics: createMetricsRegistry(),
      ...operator,
    });
  }

  static async start(options: RealMeshOptions = {}): Promise<RealMesh> {
    const api = new InMemoryApi();
    const authority = await CertificateAuthority.open({
      store: new MemoryCaStore(),
      trustDomain: 'cluster.local',
      clock: systemClock,
      ...options.authority,
    });
    const network = await PodNetwork.create(options.capture, { hasIpv6: options.hasIpv6 === true });
    const mesh = new RealMesh(api, authority, network, options);
    try {
      api.seed(...(options.objects ?? []).map(valid));
      mesh.#running = mesh.operator.run(mesh.#stop.signal);
      mesh.#port = await Promise.race([mesh.operator.listening(), mesh.#running.then(() => 0)]);
      return mesh;
    } catch (error) {
      await mesh[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where proxies connect to. */
  get controlPlane(): { readonly host: string; readonly port: number } {
    return { host: this.network.hostAddress, port: this.#port };
  }

  /** Makes the object of a pod, its network, and starts its Envoy, which is live when this returns. */
  async pod({ app, name = `${app}-0`, number = this.#pods.length + 2, ...rest }: RealPodOptions): Promise<MeshPod> {
    const ipv6 = this.network.hasIpv6 ? { ipv6: this.network.ipv6Address(number) } : {};
    const pod = await MeshPod.start({
      ...rest,
      app,
      name,
      number,
      namespace: NAMESPACE,
      network: this.network,
      cluster: { pod: (spec) => this.apply(podObject({ ...spec, ...ipv6 })), token: (spec) => this.token(spec) },
      operator: { xdsPort: this.#port, rootsPem: () => Promise.resolve(this.authority.trustBundle.pem) },
    });
    this.#pods.push(pod);
    // As the kubelet brings a mounted ConfigMap up to date.
    this.authority.onChange(({ pem }) => void pod.proxy.setRoots(pem).catch(() => {}));
    return pod;
  }

  /** What the kubelet would give the pod. */
  async token({ namespace, name, app, serviceAccount = app }: Omit<PodSpec, 'ip'>): Promise<string> {
    const { metadata } = await this.api.get(resourceKind('v1', 'Pod'), { namespace, name });
    return this.tokenOf({ namespace, name, app, serviceAccount, podUid: metadata.uid ?? '' });
  }

  /** A token of this mesh for any pod, and any audience. */
  tokenOf(pod: Omit<PodSpec, 'ip'> & { readonly podUid: string }, audience?: string): string {
    const { namespace, name, app, serviceAccount = app, podUid } = pod;
    return this.#tokens.issue({ namespace, serviceAccount, podName: name, podUid }, audience).token;
  }

  /** Applies objects as a user would; a status in them is written too. */
  async apply(...objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) {
      const kind = kindOf(object);
      const { status, ...rest } = valid(object);
      await this.api.apply(kind, rest, USER);
      if (status === undefined) continue;
      const { apiVersion, metadata } = object;
      const { namespace, name } = metadata;
      const reference = { ...(namespace === undefined ? {} : { namespace }), name };
      await this.api.apply(
        kind,
        { apiVersion, kind: object.kind, metadata: reference, status },
        { ...USER, subresource: 'status' },
      );
    }
  }

  async delete(object: KubernetesObject): Promise<void> {
    await this.api.delete(kindOf(object), object.metadata);
  }

  /** Deletes what there is of some kinds. */
  async deleteAll(...kinds: readonly ResourceKind[]): Promise<void> {
    for (const kind of kinds) {
      const { items } = await this.api.list(kind);
      for (const { metadata } of items) await this.api.delete(kind, metadata);
    }
  }

  async status(object: KubernetesObject): Promise<MeshStatus | undefined> {
    return (await this.api.get(kindOf(object), object.metadata)).status as MeshStatus | undefined;
  }

  /**
   * Waits until a condition of the object's current generation has a status, and maybe a reason; answers its status and when it
   * was written (`performance.now`), to the moment: the API tells of it.
   */
  async until(
    object: KubernetesObject,
    type: string,
    wanted: string,
    milliseconds = 10_000,
  ): Promise<{ readonly status: MeshStatus; readonly at: number }> {
    const [conditionStatus, reason] = wanted.split(' ');
    const kind = kindOf(object);
    const holds = ({ metadata, status }: KubernetesObject): boolean => {
      const condition = findCondition((status as MeshStatus | undefined)?.conditions, type);
      const isCurrent = condition?.observedGeneration === metadata.generation;
      return (
        isCurrent && condition?.status === conditionStatus && (reason === undefined || condition?.reason === reason)
      );
    };
    let found = await this.api.get(kind, object.metadata);
    const stop = AbortSignal.timeout(milliseconds);
    try {
      const resourceVersion = found.metadata.resourceVersion ?? '';
      if (!holds(found)) {
        for await (const event of this.api.watch(kind, { resourceVersion, signal: stop })) {
          if (event.type !== 'ADDED' && event.type !== 'MODIFIED') continue;
          if (event.object.metadata.name !== object.metadata.name) continue;
          found = event.object;
          if (holds(found)) break;
        }
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    }
    const at = performance.now();
    if (holds(found)) return { status: found.status as MeshStatus, at };
    const words = JSON.stringify(found.status, undefined, 1);
    throw new Error(
      `${object.kind} ${object.metadata.name}: ${type} is not ${wanted} after ${milliseconds} ms: ${words}`,
    );
  }

  /** Applies one of our objects and waits until it is in force; answers when its status said so. */
  async inForce(object: KubernetesObject): Promise<number> {
    await this.apply(object);
    return (await this.until(object, 'Programmed', 'True')).at;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#pods.map((pod) => pod.stop()));
    this.#stop.abort();
    await this.#running;
    await this.network.stop();
  }
}

const USER = { fieldManager: 'user', force: true } as const;

/** What the API server would refuse proves nothing. */
function valid(object: KubernetesObject): KubernetesObject {
  const [wrong] = validateObject(object);
  if (wrong !== undefined) throw new Error(`${object.kind} ${object.metadata.name}: ${JSON.stringify(wrong)}`);
  return object;
}

const CLUSTER_SCOPED = new Set(['Namespace', 'Node']);

function kindOf({ apiVersion, kind }: KubernetesObject): ResourceKind {
  return resourceKind(apiVersion, kind, { namespaced: !CLUSTER_SCOPED.has(kind) });
}
