import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { PodSpec } from './mesh-objects.ts';
import type { NetworkPod, PodNetwork } from './pod-network.ts';
import { type ProxyOptions, type ProxyProcess, startProxy } from './proxy-process.ts';

/** What a pod is made of. */
export interface MeshPodOptions
  extends Omit<PodSpec, 'ip'>,
    Partial<Pick<ProxyOptions, 'until' | 'controlPlanes' | 'standby' | 'logLevel' | 'logFlushMs' | 'runtime'>> {
  /** What makes the pod's object and gives it a token: a MeshCluster, or what stands in for one. */
  readonly cluster: {
    pod(spec: PodSpec): Promise<void>;
    token(spec: PodSpec): Promise<string>;
  };
  readonly network: PodNetwork;
  /** Where its proxy connects to: an OperatorProcess, or what stands in for one. */
  readonly operator: { readonly xdsPort: number; rootsPem(): Promise<string> };
  /** The last part of its address, from 2 to 254. */
  readonly number: number;
}

/** An answer to {@link MeshPod.call}. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How to call. */
export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: a connection for this call alone. */
  readonly agent?: Agent;
}

/** A pod of the mesh: an object in the API, a network namespace, and a real Envoy to which its connections are redirected. */
export class MeshPod implements AsyncDisposable {
  readonly name: string;
  readonly ip: string;
  /** What its application does. */
  readonly application: NetworkPod;
  readonly #proxyOptions: ProxyOptions;
  #proxy: ProxyProcess;

  private constructor(name: string, application: NetworkPod, proxy: ProxyProcess, proxyOptions: ProxyOptions) {
    this.name = name;
    this.ip = application.ip;
    this.application = application;
    this.#proxy = proxy;
    this.#proxyOptions = proxyOptions;
  }

  /** The proxy, as it was started last. */
  get proxy(): ProxyProcess {
    return this.#proxy;
  }

  static async start(options: MeshPodOptions): Promise<MeshPod> {
    const {
      cluster,
      network,
      operator,
      number,
      until,
      controlPlanes,
      standby,
      logLevel,
      logFlushMs,
      runtime,
      ...rest
    } = options;
    const spec: PodSpec = { ...rest, ip: network.address(number) };
    await cluster.pod(spec);
    const application = await network.pod(number);
    const proxyOptions: ProxyOptions = {
      controlPlanes: controlPlanes ?? [{ host: network.hostAddress, port: operator.xdsPort }],
      rootsPem: await operator.rootsPem(),
      token: await cluster.token(spec),
      proxyId: `${spec.name}.${spec.namespace}`,
      networkOf: application.holderPid,
      ...(until === undefined ? {} : { until }),
      ...(logLevel === undefined ? {} : { logLevel }),
      ...(logFlushMs === undefined ? {} : { logFlushMs }),
      ...(runtime === undefined ? {} : { runtime }),
      ...(standby === undefined ? {} : { standby }),
    };
    return new MeshPod(spec.name, application, await startProxy(proxyOptions), proxyOptions);
  }

  /** Ends the proxy at once and starts it anew, as a kubelet does with its container. */
  async restartProxy(
    changes: Partial<Omit<ProxyOptions, 'standby'>> & { readonly standby?: ProxyOptions['standby'] | 'none' } = {},
  ): Promise<void> {
    const { standby = this.#proxyOptions.standby, ...rest } = changes;
    const { standby: _, ...options } = this.#proxyOptions;
    await this.#proxy.stop();
    this.#proxy = await startProxy({
      ...options,
      ...rest,
      ...(standby === undefined || standby === 'none' ? {} : { standby }),
    });
  }

  /** One HTTP request of the application. */
  call(host: string, port: number, call: Call = {}): Promise<Answer> {
    const { method = 'GET', path = '/', headers = {}, agent = this.application.agent() } = call;
    return new Promise((resolve, reject) => {
      const sent = request({ host, port, method, path, headers, agent, timeout: 10_000 }, (response) => {
        const { statusCode = 0, headers: received } = response;
        text(response).then((body) => resolve({ status: statusCode, headers: received, body }), reject);
      });
      sent.once('timeout', () => sent.destroy(new Error('no answer within 10 s')));
      sent.once('error', reject);
      sent.end();
    });
  }

  async stop(): Promise<void> {
    await this.#proxy.stop();
    await this.application.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
