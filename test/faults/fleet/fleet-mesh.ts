import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  AUTHORIZATION_POLICY,
  ENDPOINT_SLICE,
  MESH_POLICY,
  NAMESPACE,
  NODE,
  POD,
  SERVICE,
  TRAFFIC_SPLIT,
} from '../../../operator/api/index.ts';
import { type KubernetesObject, resourceKind } from '../../../operator/framework/index.ts';
import { InMemoryApi } from '../../../operator/framework/memory/index.ts';
import { type OperatorProcess, podObject, startOperator } from '../../integration/harness/index.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { imageOperator } from '../harness/image-operator.ts';
import { FakeApiServer } from '../watch/fake-api-server.ts';
import { type ClientSpec, markerAddress } from './protocol.ts';

const NAMESPACE_NAME = 'load';
const TOKEN_REVIEW = resourceKind('authentication.k8s.io/v1', 'TokenReview', { namespaced: false });
const KINDS = [
  NAMESPACE,
  NODE,
  SERVICE,
  ENDPOINT_SLICE,
  POD,
  MESH_POLICY,
  TRAFFIC_SPLIT,
  AUTHORIZATION_POLICY,
  TOKEN_REVIEW,
  resourceKind('networking.k8s.io/v1', 'NetworkPolicy', { plural: 'networkpolicies' }),
  resourceKind('events.k8s.io/v1', 'Event'),
];

/** Proxies that do the same: one workload. */
const PODS_OF_WORKLOAD = 20;

/** What Node.js takes for itself in the chart's container of 1 GiB: a quarter. */
const HEAP = '--max-old-space-size=256';

/**
 * The operator as a process before an API server that is fast enough not to be what is measured: Services whose endpoints change, and
 * pods whose proxies are clients.
 */
export class FleetMesh implements AsyncDisposable {
  readonly operator: OperatorProcess;
  readonly port: number;
  readonly services: number;
  readonly #api: InMemoryApi;
  readonly #scope: AsyncDisposableStack;

  private constructor(
    operator: OperatorProcess,
    port: number,
    services: number,
    api: InMemoryApi,
    scope: AsyncDisposableStack,
  ) {
    this.operator = operator;
    this.port = port;
    this.services = services;
    this.#api = api;
    this.#scope = scope;
  }

  static async start(services: number, pods: number): Promise<FleetMesh> {
    await using scope = new AsyncDisposableStack();
    const api = new InMemoryApi({ historySize: 50_000 });
    api.handleCreate('TokenReview', (body) => ({
      ...body,
      status: reviewOf((body.spec as { readonly token: string }).token),
    }));
    for (const name of ['default', 'kube-system', NAMESPACE_NAME])
      api.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    for (let index = 0; index < services; index++) api.seed(serviceOf(index), sliceOf(index, index));
    for (let index = 0; index < pods; index++) api.seed(podOf(index));
    const server = scope.use(await FakeApiServer.start(api, KINDS));
    const directory = await scratchDirectory('fleet');
    scope.defer(() => rm(directory, { recursive: true, force: true }));
    const kubeconfig = join(directory, 'kubeconfig');
    await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(server.url)));
    const port = await freePort();
    const flags = ['--no-leader-election', '--service-cidr', '10.96.0.0/16', '--plaintext-xds', `127.0.0.1:${port}`];
    const { program, nodeFlags } = await imageOperator();
    const operator = scope.use(
      await startOperator({
        kubeconfig,
        flags,
        program,
        nodeFlags: [...nodeFlags, HEAP],
        timeoutMilliseconds: 180_000,
      }),
    );
    return new FleetMesh(operator, port, services, api, scope.move());
  }

  /** The clients of the first pods, each of which asks for these Services. */
  clients(count: number, servicesOf: (client: number) => readonly number[]): readonly ClientSpec[] {
    return Array.from({ length: count }, (_, index) => ({
      id: `pod-${index}.${NAMESPACE_NAME}`,
      token: `fleet.${index}`,
      clusters: servicesOf(index).map(clusterOf),
    }));
  }

  /** Changes the endpoints of a Service, so that they say so. */
  change(service: number, marker: number): void {
    this.#api.seed(sliceOf(service, marker));
  }

  /** Resident memory of the control plane, in megabytes. */
  async memory(): Promise<number> {
    const status = await readFile(`/proc/${this.operator.process.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  }

  /** Seconds of processor time of the control plane. */
  async cpu(): Promise<number> {
    const stat = await readFile(`/proc/${this.operator.process.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope.disposeAsync();
  }
}

/** The cluster of a Service. */
export function clusterOf(service: number): string {
  return `${NAMESPACE_NAME}/churn-${service}:80`;
}

function serviceOf(index: number): KubernetesObject {
  const clusterIP = `10.96.${(index >> 8) + 1}.${index & 255}`;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE_NAME, name: `churn-${index}` },
    spec: {
      clusterIP,
      clusterIPs: [clusterIP],
      selector: { app: `churn-${index}` },
      ports: [{ name: 'http', port: 80, targetPort: 8080, appProtocol: 'http' }],
    },
  };
}

/** Five endpoints, the first of which says which change this is. */
function sliceOf(service: number, marker: number): KubernetesObject {
  const others = [1, 2, 3, 4].map((host) => `172.16.${service & 255}.${host}`);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: NAMESPACE_NAME,
      name: `churn-${service}-1`,
      labels: { 'kubernetes.io/service-name': `churn-${service}` },
    },
    addressType: 'IPv4',
    endpoints: [markerAddress(marker), ...others].map((address) => ({
      addresses: [address],
      conditions: { ready: true },
    })),
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  } as KubernetesObject;
}

function podOf(index: number): KubernetesObject {
  const app = `client-${Math.floor(index / PODS_OF_WORKLOAD)}`;
  const pod = podObject({
    namespace: NAMESPACE_NAME,
    name: `pod-${index}`,
    app,
    ip: `172.20.${index >> 8}.${index & 255}`,
  });
  return { ...pod, metadata: { ...pod.metadata, uid: `uid-${index}` } };
}

function reviewOf(token: string): unknown {
  const index = Number(token.split('.')[1]);
  const app = `client-${Math.floor(index / PODS_OF_WORKLOAD)}`;
  return {
    authenticated: true,
    audiences: ['dot-kube'],
    user: {
      username: `system:serviceaccount:${NAMESPACE_NAME}:${app}`,
      extra: {
        'authentication.kubernetes.io/pod-name': [`pod-${index}`],
        'authentication.kubernetes.io/pod-uid': [`uid-${index}`],
      },
    },
  };
}

function kubeconfigOf(server: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'x', cluster: { server } }],
    users: [{ name: 'x', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    'current-context': 'x',
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
