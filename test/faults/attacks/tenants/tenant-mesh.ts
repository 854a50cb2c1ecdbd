import { typeUrls } from '@dot-kube/proxy/xds';
import { AdsClient, type AdsClientOptions } from '@dot-kube/proxy/xds/testing';
import {
  MeshCluster,
  type OperatorProcess,
  PodNetwork,
  type PodSpec,
  startOperator,
} from '../../../integration/harness/index.ts';
import { imageOperator } from '../../harness/image-operator.ts';

/** A pod of a tenant, with what its token says. */
export interface Tenant {
  /** `namespace/pod`. */
  readonly id: string;
  readonly spec: PodSpec;
  readonly spiffeId: string;
  /** What stands in its inbound configuration alone. */
  readonly marker: string;
  readonly token: string;
}

/** Namespace and service account of each tenant. */
const ACCOUNTS = [
  ['shop', 'web'],
  ['shop', 'database'],
  ['bank', 'web'],
  ['bank', 'teller'],
] as const;

/** A real API server, the operator with its default flags on all addresses, and tenants in two namespaces, whose proxies are played by tests. */
export class TenantMesh implements AsyncDisposable {
  readonly cluster: MeshCluster;
  readonly operator: OperatorProcess;
  readonly tenants: readonly Tenant[];
  readonly network: PodNetwork;
  readonly roots: string;
  readonly #scope: AsyncDisposableStack;

  private constructor(
    parts: Pick<TenantMesh, 'cluster' | 'operator' | 'tenants' | 'network' | 'roots'>,
    scope: AsyncDisposableStack,
  ) {
    ({
      cluster: this.cluster,
      operator: this.operator,
      tenants: this.tenants,
      network: this.network,
      roots: this.roots,
    } = parts);
    this.#scope = scope;
  }

  /** `kubeconfigOf` gives the operator another kubeconfig than the cluster's; what it makes is the mesh's to end. */
  static async start(
    options: {
      readonly kubeconfigOf?: (cluster: MeshCluster, scope: AsyncDisposableStack) => Promise<string>;
      readonly apiServerArgs?: readonly string[];
    } = {},
  ): Promise<TenantMesh> {
    await using scope = new AsyncDisposableStack();
    const { apiServerArgs = [], kubeconfigOf } = options;
    const cluster = scope.use(await MeshCluster.start({ apiServerArgs }));
    const network = scope.use(await PodNetwork.create());
    const kubeconfig = kubeconfigOf === undefined ? cluster.kubeconfig : await kubeconfigOf(cluster, scope);
    for (const namespace of new Set(ACCOUNTS.map(([namespace]) => namespace))) await cluster.namespace(namespace);
    const tenants = await Promise.all(
      ACCOUNTS.map((account, index) => tenantOf(cluster, account, `10.9.0.${index + 2}`)),
    );
    const operator = scope.use(
      await startOperator({
        ...(await imageOperator()),
        kubeconfig,
        flags: ['--health-address', ':0', '--replicas-address', ':0', '--lease-duration', '3'],
        timeoutMilliseconds: 60_000,
      }),
    );
    const roots = await operator.rootsPem();
    return new TenantMesh({ cluster, operator, tenants, network, roots }, scope.move());
  }

  /** A stream to the control plane. */
  client(options: Omit<AdsClientOptions, 'port' | 'ca'>): AdsClient {
    return new AdsClient({ port: this.operator.xdsPort, ca: this.roots, ...options });
  }

  /** An address of this machine that is not loopback. */
  get outerAddress(): string {
    return this.network.hostAddress;
  }

  /** Whether a token gets anything: the status that ended the stream, or `served`. */
  async outcomeOf(options: Omit<AdsClientOptions, 'port' | 'ca'>): Promise<string> {
    await using client = this.client(options);
    client.subscribe(typeUrls.secret, ['identity']);
    await client.until(() => client.ended !== undefined || client.responses.length > 0, 15_000);
    return client.responses.length > 0 ? 'served' : (client.ended?.status ?? '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope.disposeAsync();
  }
}

async function tenantOf(
  cluster: MeshCluster,
  [namespace, account]: (typeof ACCOUNTS)[number],
  ip: string,
): Promise<Tenant> {
  const spec: PodSpec = { namespace, name: `${account}-0`, app: account, ip };
  // Of letters alone: nothing of it is escaped in patterns.
  const marker = `markerof${namespace}${account}`;
  await cluster.pod(spec);
  await cluster.apply(
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, name: account },
      spec: { selector: { app: account }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'mesh.dot-kube.io/v1alpha1',
      kind: 'AuthorizationPolicy',
      metadata: { namespace, name: account },
      spec: {
        selector: { matchLabels: { app: account } },
        action: 'Allow',
        rules: [{ to: [{ paths: [`/${marker}`] }] }],
      },
    },
  );
  await cluster.endpoints(namespace, account, [{ name: spec.name, ip }]);
  return {
    id: `${namespace}/${spec.name}`,
    spec,
    spiffeId: `spiffe://cluster.local/ns/${namespace}/sa/${account}`,
    marker,
    token: await cluster.token(spec),
  };
}
