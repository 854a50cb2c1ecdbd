import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ControlPlaneAddress } from '@dot-kube/proxy/bootstrap';
import { type KubernetesObject, resourceKind } from '../../../operator/framework/index.ts';
import {
  MeshCluster,
  MeshPod,
  type MeshPodOptions,
  type OperatorProcess,
  type OperatorProcessOptions,
  PodNetwork,
  startOperator,
} from '../../integration/harness/index.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { startServer, waitUntilServing } from '../../tools/server-process.ts';
import { imageOperator } from './image-operator.ts';
import { type Load, type LoadOptions, startLoad } from './load.ts';
import { policy, SHOP, type ShopService, sliceOf, serviceObject } from './shop-objects.ts';

/** How this mesh differs from others. */
export interface FaultMeshOptions {
  /** Of the operator. */
  readonly flags?: readonly string[];
  readonly apiServerArgs?: readonly string[];
  /** Given the kubeconfig of the API server, answers the one that the operator gets. Default: the same. */
  readonly operatorKubeconfig?: (kubeconfig: string) => Promise<string>;
}

/** A pod of the shop: its name is also what its application answers, and its proxy connects to the operator unless it says otherwise. */
export interface ShopPod
  extends Pick<MeshPodOptions, 'name' | 'app' | 'labels' | 'serviceAccount' | 'controlPlanes' | 'runtime' | 'until'> {
  /** Whether it has no application: it only calls. */
  readonly isCaller?: boolean;
}

/**
 * A real API server, the operator as a process that may be killed and comes back at the same port, and pods with real Envoys in
 * network namespaces of their own. In its namespace mTLS is Strict, only the service account `caller` may call, and nothing is
 * retried.
 */
export class FaultMesh implements AsyncDisposable {
  readonly cluster: MeshCluster;
  readonly network: PodNetwork;
  readonly #scope: AsyncDisposableStack;
  readonly #operatorOptions: OperatorProcessOptions;
  readonly #port: number;
  #operator: OperatorProcess;
  readonly #pods: MeshPod[] = [];
  readonly #labels = new Map<MeshPod, Readonly<Record<string, string>>>();

  private constructor(
    cluster: MeshCluster,
    network: PodNetwork,
    operator: { readonly process: OperatorProcess; readonly options: OperatorProcessOptions; readonly port: number },
    scope: AsyncDisposableStack,
  ) {
    this.cluster = cluster;
    this.network = network;
    this.#operator = operator.process;
    this.#operatorOptions = operator.options;
    this.#port = operator.port;
    this.#scope = scope;
  }

  static async start(options: FaultMeshOptions = {}): Promise<FaultMesh> {
    const { flags = [], apiServerArgs = [], operatorKubeconfig = async (path: string) => path } = options;
    await using scope = new AsyncDisposableStack();
    const cluster = scope.use(await MeshCluster.start({ apiServerArgs }));
    const network = scope.use(await PodNetwork.create());
    await cluster.namespace(SHOP);
    await cluster.apply(
      policy('MeshPolicy', 'shop', { mtls: { mode: 'Strict' }, retries: { attempts: 0 } }),
      policy('AuthorizationPolicy', 'callers', {
        action: 'Allow',
        rules: [{ from: [{ serviceAccounts: ['caller'] }] }],
      }),
    );
    const authority = await scratchDirectory('ca');
    scope.defer(() => rm(authority, { recursive: true, force: true }));
    const port = await lastingPort();
    const operatorOptions: OperatorProcessOptions = {
      ...(await imageOperator()),
      kubeconfig: await operatorKubeconfig(cluster.kubeconfig),
      caFile: join(authority, 'ca.json'),
      xdsAddress: `:${port}`,
      flags: ['--lease-duration', '3', ...flags],
      timeoutMilliseconds: 60_000,
    };
    const process = await startOperator(operatorOptions);
    return new FaultMesh(cluster, network, { process, options: operatorOptions, port }, scope.move());
  }

  /** The control plane, as it was started last. */
  get operator(): OperatorProcess {
    return this.#operator;
  }

  /** Where proxies find it. */
  get controlPlane(): ControlPlaneAddress {
    return { host: this.network.hostAddress, port: this.#port };
  }

  get pods(): readonly MeshPod[] {
    return this.#pods;
  }

  /** The pod of that name. Throws when there is none. */
  podOf(name: string): MeshPod {
    const pod = this.#pods.find((found) => found.name === name);
    if (pod === undefined) throw new Error(`there is no pod ${name}`);
    return pod;
  }

  /** SIGKILL; returns when it is gone. */
  async killControlPlane(): Promise<void> {
    this.#operator.process.kill('SIGKILL');
    await this.#operator.process.exited;
  }

  /** Starts it again where proxies know it; returns when it serves them, or at once. */
  async startControlPlane(until: 'serving' | 'started' = 'serving'): Promise<void> {
    await this.#operator.stop();
    this.#operator = await startOperator({ ...this.#operatorOptions, until });
  }

  /** Makes Services, with these pods of the mesh as endpoints; answers their addresses. */
  async services(...services: readonly ShopService[]): Promise<readonly string[]> {
    for (const service of services) await this.cluster.apply(serviceObject(service), this.slice(service));
    return Promise.all(services.map(({ name }) => this.addressOf(name)));
  }

  /** The endpoints that a cluster's own controller would make for a Service from the pods that there are. */
  slice(service: ShopService): KubernetesObject {
    const isOf = (pod: MeshPod): boolean => {
      const labels = this.#labels.get(pod) ?? {};
      return Object.entries(service.selector).every(([name, value]) => labels[name] === value);
    };
    return sliceOf(service, this.#pods.filter(isOf));
  }

  /** The address that the API server has given to a Service. */
  async addressOf(service: string): Promise<string> {
    const found = await this.cluster.api.get(resourceKind('v1', 'Service'), { namespace: SHOP, name: service });
    return (found as { readonly spec: { readonly clusterIP: string } }).spec.clusterIP;
  }

  /** Starts pods, at the same time; returns when their proxies and applications serve. */
  async start(...wanted: readonly ShopPod[]): Promise<readonly MeshPod[]> {
    const first = this.#pods.length + 2;
    const numbers = wanted.map((pod, index) => this.#start(pod, first + index));
    const pods = await Promise.all(numbers);
    for (const [index, pod] of pods.entries()) {
      const { app, labels } = wanted[index] ?? { app: '' };
      this.#labels.set(pod, { ...labels, app });
    }
    this.#pods.push(...pods);
    return pods;
  }

  /** Waits until a pod's calls of an address are answered. Throws with what they are told instead. */
  async answers(pod: MeshPod, address: string | undefined, protocol: LoadOptions['protocol'] = 'http1'): Promise<void> {
    const deadline = performance.now() + 20_000;
    for (;;) {
      await using load = await startLoad({ pod: pod.application, url: `http://${address}/`, rate: 20, protocol });
      const { failed, sent, reasons } = await load.stop();
      if (failed === 0 && sent > 0) return;
      if (performance.now() > deadline) throw new Error(`${pod.name} to ${address}: ${JSON.stringify(reasons)}`);
      await delay(20);
    }
  }

  /** Requests from a pod until they are stopped, or the mesh is. */
  async load(pod: MeshPod, options: Omit<LoadOptions, 'pod'>): Promise<Load> {
    return this.#scope.use(await startLoad({ pod: pod.application, ...options }));
  }

  /** Ends it all. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#operator.stop();
    await this.#scope.disposeAsync();
  }

  async #start(wanted: ShopPod, number: number): Promise<MeshPod> {
    const { isCaller = false, controlPlanes = [this.controlPlane], ...spec } = wanted;
    const pod = await MeshPod.start({
      ...spec,
      controlPlanes,
      cluster: this.cluster,
      network: this.network,
      operator: this.#operator,
      namespace: SHOP,
      number,
      ports: [
        { name: 'http', containerPort: 8080 },
        { name: 'h2c', containerPort: 8081 },
      ],
    });
    this.#scope.defer(() => pod.stop());
    if (!isCaller) await this.#application(pod);
    return pod;
  }

  async #application({ name, application }: MeshPod): Promise<void> {
    const program = join(import.meta.dirname, 'application.ts');
    const enter = [`--net=/proc/${application.holderPid}/ns/net`, '--'];
    const server = await startServer('nsenter', [...enter, process.execPath, program, name]);
    this.#scope.defer(async () => void (await server.process.stop(0)));
    await waitUntilServing(`the application of ${name}`, server, async () => server.logs().includes('ready'), {
      timeoutMilliseconds: 20_000,
      intervalMilliseconds: 20,
    });
  }
}

/** A free port that nothing takes while nobody listens there: connections that go out get others. */
async function lastingPort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(10_000, 30_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, () => resolve(true));
    });
    server.close();
    if (isFree) return port;
  }
  throw new Error('no port of 10000 to 30000 is free');
}
