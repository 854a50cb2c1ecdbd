import {
  carriesHttp,
  type Cluster,
  type Endpoint,
  type EndpointSet,
  type InboundPort,
  type MeshSettings,
  type Protocol,
  type RouteRule,
  type Service,
  type ServicePort,
  type SourceRef,
  type SpiffeId,
  type TcpBackend,
  type Workload,
} from '@dot-kube/proxy/model';

export const NAMESPACE = 'shop';

export const SETTINGS: MeshSettings = {
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
  serviceCidrs: ['10.96.0.0/12'],
};

export function identity(serviceAccount: string, namespace = NAMESPACE): SpiffeId {
  return { trustDomain: SETTINGS.trustDomain, namespace, serviceAccount };
}

export function source(kind: string, name: string): SourceRef {
  return { kind, namespace: NAMESPACE, name };
}

/** Anything that listens, as an endpoint without a proxy. */
export function endpoint(
  { address, port }: { readonly address: string; readonly port: number },
  more: Partial<Endpoint> = {},
): Endpoint {
  return { address, port, health: 'healthy', mtls: false, ...more };
}

/** What a test says of a Service; the rest is usual. */
export interface ServiceSpec {
  readonly name: string;
  readonly port?: number;
  readonly protocol?: Protocol;
  /** Endpoints of the Service itself, or of its subsets by name. */
  readonly endpoints: readonly Endpoint[] | Readonly<Record<string, readonly Endpoint[]>>;
  /** Of all of its clusters. */
  readonly cluster?: Partial<Cluster>;
  /** Default: everything to the Service's own endpoints. */
  readonly rules?: readonly (Partial<RouteRule> & Pick<RouteRule, 'backends'>)[];
  /** Of the default rule. */
  readonly route?: Partial<RouteRule>;
  readonly tcp?: readonly TcpBackend[];
  readonly headless?: boolean;
  readonly hosts?: readonly string[];
}

/** `shop/reviews:80`, or `shop/reviews:80|version=v2` for its subset `v2`. */
export function clusterName(service: string, subset = '', port = 80): string {
  return `${NAMESPACE}/${service}:${port}${subset === '' ? '' : `|version=${subset}`}`;
}

/** A Service and its endpoints. `address` is what callers dial; headless Services have none. */
export function buildService(
  spec: ServiceSpec,
  address: string,
): { readonly service: Service; readonly sets: readonly EndpointSet[] } {
  const { name, port = 80, protocol = 'http', headless = false } = spec;
  const causes = [source('Service', name)];
  const bySubset: Record<string, readonly Endpoint[]> = Array.isArray(spec.endpoints)
    ? { '': spec.endpoints as readonly Endpoint[] }
    : (spec.endpoints as Record<string, readonly Endpoint[]>);
  const clusters = Object.keys(bySubset).map(
    (subset): Cluster => ({
      name: clusterName(name, subset, port),
      service: { namespace: NAMESPACE, name },
      port,
      protocol,
      identities: [],
      loadBalancer: { algorithm: { kind: 'round-robin' } },
      circuitBreaker: {},
      connection: {},
      headless,
      causes,
      ...spec.cluster,
    }),
  );
  const root = clusters[0]?.name ?? '';
  const usual: RouteRule = {
    matches: [],
    backends: [{ cluster: root, weight: 1 }],
    timeouts: {},
    causes,
    ...spec.route,
  };
  const servicePort: ServicePort = {
    port,
    protocol,
    addresses: headless ? [] : [address],
    hosts: spec.hosts ?? [`${name}.${NAMESPACE}`],
    headless,
    rules: carriesHttp(protocol) ? (spec.rules?.map((rule) => ({ ...usual, ...rule })) ?? [usual]) : [],
    tcp: spec.tcp ?? [{ cluster: root, weight: 1 }],
    clusters,
  };
  return {
    service: { ref: { namespace: NAMESPACE, name }, ports: [servicePort], causes },
    sets: Object.entries(bySubset).map(([subset, endpoints]) => ({
      cluster: clusterName(name, subset, port),
      endpoints,
      causes,
    })),
  };
}

/** A workload that takes in what is said, permissively. */
export function buildWorkload(
  name: string,
  ports: readonly (Partial<InboundPort> & Pick<InboundPort, 'port'>)[],
): Workload {
  const usual = { mtls: 'permissive', authorization: [], causes: [source('Workload', name)] } as const;
  return {
    key: name,
    identity: identity(name),
    ports: ports.map((port) => ({ ...usual, protocol: 'http', ...port })),
    other: usual,
  };
}
