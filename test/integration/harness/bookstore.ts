import { join } from 'node:path';
import type { ControlPlaneAddress } from '@dot-kube/proxy/bootstrap';
import { resourceKind } from '../../../operator/framework/index.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { MeshCluster, type MeshObject, ROOT } from './mesh-cluster.ts';

import { MeshPod } from './mesh-pod.ts';
import { type OperatorProcess, type OperatorProcessOptions, startOperator } from './operator-process.ts';
import { PodNetwork } from './pod-network.ts';
import type { ProxyOptions } from './proxy-process.ts';

/** The folder of the example. */
export const BOOKSTORE = join(ROOT, 'examples', 'bookstore');

const NAMESPACE = 'bookstore';

/** The TrafficSplit of the bookstore's reviews, with so many percent for v2. */
export function splitOfReviews(v2: number, match?: unknown): MeshObject {
  return {
    apiVersion: 'mesh.dot-kube.io/v1alpha1',
    kind: 'TrafficSplit',
    metadata: { namespace: NAMESPACE, name: 'reviews' },
    spec: {
      service: 'reviews',
      ...(match === undefined ? {} : { match }),
      backends: [
        { name: 'v1', labels: { version: 'v1' }, weight: 100 - v2 },
        { name: 'v2', labels: { version: 'v2' }, weight: v2 },
      ],
    },
  };
}

/** A pod of the bookstore. Its name begins with the service's: `reviews-v2-0`. */
export interface BookstorePod {
  readonly name: string;
  readonly app: string;
  readonly version?: string;
  /** Default: directly. */
  readonly through?: ControlPlaneAddress;
  readonly runtime?: ProxyOptions['runtime'];
  readonly standby?: ControlPlaneAddress;
}

/** The bookstore's manifests on a real API server, an operator, pods where they are wanted, and then its policies. */
export class Bookstore implements AsyncDisposable {
  readonly cluster: MeshCluster;
  readonly network: PodNetwork;
  operator: OperatorProcess;
  readonly #caFile: string;
  readonly #pods: MeshPod[] = [];

  private constructor(cluster: MeshCluster, network: PodNetwork, operator: OperatorProcess, caFile: string) {
    this.cluster = cluster;
    this.network = network;
    this.operator = operator;
    this.#caFile = caFile;
  }

  /** `kubectl apply -f crds/` and the manifests, and `node operator/main.ts --kubeconfig …`. */
  static async start({
    apiServerArgs = [],
    ...options
  }: Partial<OperatorProcessOptions> & { readonly apiServerArgs?: readonly string[] } = {}): Promise<Bookstore> {
    await using scope = new AsyncDisposableStack();
    const cluster = scope.use(await MeshCluster.start({ apiServerArgs }));
    const network = scope.use(await PodNetwork.create());
    await cluster.kubectl('apply', '-f', join(BOOKSTORE, 'manifests', 'namespace.yaml'));
    await cluster.kubectl('apply', '-f', join(BOOKSTORE, 'manifests'));
    const caFile = join(await scratchDirectory('ca'), 'ca.json');
    const operator = await startOperator({ kubeconfig: cluster.kubeconfig, caFile, ...options });
    scope.move();
    return new Bookstore(cluster, network, operator, caFile);
  }

  /** `kubectl apply` of the policies, and of the manifests once more. */
  applyAll(): Promise<string> {
    return this.cluster.kubectl('apply', '-f', join(BOOKSTORE, 'manifests'), '-f', join(BOOKSTORE, 'policies'));
  }

  /** Another replica of the operator, with the same certificate authority. */
  replica(options: Partial<OperatorProcessOptions> = {}): Promise<OperatorProcess> {
    return startOperator({ kubeconfig: this.cluster.kubeconfig, caFile: this.#caFile, ...options });
  }

  /** Stops the operator and starts it again where proxies know it. */
  async restart(options: Partial<OperatorProcessOptions> = {}): Promise<void> {
    const xdsAddress = `:${this.operator.xdsPort}`;
    await this.operator.stop();
    this.operator = await this.replica({ ...options, xdsAddress });
  }

  /** Starts pods that answer with their version, and makes them endpoints of their Services. */
  async pods(...wanted: readonly BookstorePod[]): Promise<readonly MeshPod[]> {
    const first = this.#pods.length + 2;
    const pods = await Promise.all(wanted.map((pod, index) => this.#start(pod, first + index)));
    this.#pods.push(...pods);
    for (const app of new Set(wanted.map((pod) => pod.app))) {
      const endpoints = this.#pods.filter(({ name }) => name.startsWith(`${app}-`));
      await this.cluster.endpoints(NAMESPACE, app, endpoints);
    }
    return pods;
  }

  async pod(wanted: BookstorePod): Promise<MeshPod> {
    const [pod] = await this.pods(wanted);
    if (pod === undefined) throw new Error('a pod was asked for');
    return pod;
  }

  /** The address that the API server has given to a Service. */
  async addressOf(service: string): Promise<string> {
    const { spec } = await this.cluster.api.get(resourceKind('v1', 'Service'), { namespace: NAMESPACE, name: service });
    return (spec as { readonly clusterIP: string }).clusterIP;
  }

  async #start(
    { name, app, version = 'v1', through, runtime, standby }: BookstorePod,
    number: number,
  ): Promise<MeshPod> {
    const pod = await MeshPod.start({
      cluster: this.cluster,
      network: this.network,
      operator: this.operator,
      namespace: NAMESPACE,
      name,
      app,
      number,
      labels: { version },
      ...(through === undefined ? {} : { controlPlanes: [through] }),
      ...(runtime === undefined ? {} : { runtime }),
      ...(standby === undefined ? {} : { standby }),
    });
    await pod.application.serveHttp(8080, (_request, response) => void response.end(version));
    return pod;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#pods.map((pod) => pod.stop()));
    await this.operator.stop();
    await this.network.stop();
    await this.cluster.stop();
  }
}
