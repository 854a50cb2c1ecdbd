import * as fc from 'fast-check';
import type {
  AuthorizationPolicy,
  AuthorizationPolicyRule,
  EndpointSlice,
  MeshPolicy,
  MeshPolicySpec,
  Node,
  Pod,
  Service,
  TrafficSplit,
} from '../../operator/api/index.ts';
import type { KubernetesObject, ObjectMeta } from '../../operator/framework/api/object.ts';
import { MESH_NAMESPACE } from '../../operator/build/policy-scope.ts';
import { endpointSlice, node, pod } from '../../operator/build/testing/objects.ts';

/** Few names, so that objects meet: that is where a compiler goes wrong. */
const namespace = fc.constantFrom('shop', 'shop', 'vault', MESH_NAMESPACE);
const serviceName = fc.constantFrom('a', 'b', 'c');
const labelMap = fc.dictionary(fc.constantFrom('app', 'version'), fc.constantFrom('a', 'b'), {
  minKeys: 1,
  maxKeys: 2,
});
const portNumber = fc.constantFrom(80, 81, 8080);
const portName = fc.constantFrom('http', 'tcp', 'grpc', 'web');
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', 'fd00::1');
const duration = fc.constantFrom('0s', '250ms', '1s', '1m30s', '1h');
const percent = fc.constantFrom(0, 0.5, 50, 100);

const metadata = (name: fc.Arbitrary<string>): fc.Arbitrary<ObjectMeta> =>
  fc
    .record({ name, namespace, second: fc.option(fc.nat(3), { nil: undefined }) })
    .map(({ second, ...meta }) =>
      second === undefined ? meta : { ...meta, creationTimestamp: `2026-01-01T00:00:0${second}Z` },
    );

/** Any of the keys may be missing. */
function some<T extends object>(fields: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

const service: fc.Arbitrary<Service> = fc
  .record({
    metadata: metadata(serviceName),
    kind: fc.constantFrom('cluster-ip', 'cluster-ip', 'headless', 'external'),
    ips: fc.oneof(
      fc.constantFrom('10.96.0.1', '10.96.0.2', '10.96.0.3', 'fd00::a').map((ip) => [ip]),
      fc.constantFrom(['10.96.0.1', 'fd00::b'], ['fd00::c', '10.96.0.4']),
    ),
    externalName: fc.constantFrom(
      'example.com',
      '10.0.0.1',
      'a.shop.svc.cluster.local',
      'p.b.vault.svc.cluster.local.',
    ),
    selector: labelMap,
    ports: fc.uniqueArray(fc.record({ port: portNumber, name: portName, targetPort: fc.oneof(portNumber, portName) }), {
      selector: ({ port }) => port,
      maxLength: 3,
    }),
    publishNotReadyAddresses: fc.boolean(),
  })
  .map(({ metadata, kind, ips, externalName, selector, ports, publishNotReadyAddresses }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec:
      kind === 'external'
        ? { type: 'ExternalName', externalName, ports }
        : { ...clusterIps(kind === 'headless' ? ['None'] : ips), selector, ports, publishNotReadyAddresses },
  }));

function clusterIps(clusterIPs: readonly string[]): {
  readonly clusterIP: string;
  readonly clusterIPs: readonly string[];
} {
  return { clusterIP: clusterIPs[0] ?? '', clusterIPs };
}

const arbitraryPod: fc.Arbitrary<Pod> = fc
  .record({
    metadata: metadata(fc.constantFrom('p', 'q', 'r')),
    labels: labelMap,
    meshed: fc.boolean(),
    ips: fc.oneof(
      address.map((ip): readonly string[] => [ip]),
      fc.constant<readonly string[]>(['10.0.0.1', 'fd00::1']),
    ),
    account: fc.constantFrom('a', 'b'),
    nodeName: fc.constantFrom('m', 'n'),
    ports: fc.array(fc.record({ name: portName, containerPort: portNumber }), { maxLength: 2 }),
    phase: fc.constantFrom('Running' as const, 'Running' as const, 'Succeeded' as const),
  })
  .map(({ metadata, labels, meshed, ips, account, nodeName, ports, phase }) => {
    const base = pod('x');
    const { annotations } = base.metadata;
    return {
      ...base,
      metadata: { ...metadata, labels, ...(meshed && annotations !== undefined ? { annotations } : {}) },
      spec: { serviceAccountName: account, nodeName, containers: [{ name: 'x', ports }] },
      status: { phase, podIP: ips[0] ?? '', podIPs: ips.map((ip) => ({ ip })) },
    };
  });

const slice: fc.Arbitrary<EndpointSlice> = fc
  .record({
    metadata: metadata(fc.constantFrom('s', 't')),
    service: serviceName,
    ports: fc.array(fc.record({ name: portName, port: portNumber }), { maxLength: 2 }),
    endpoints: fc.array(
      fc.record({
        addresses: fc.tuple(address),
        conditions: some({ ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() }),
        targetRef: fc.record({ kind: fc.constant('Pod'), name: fc.constantFrom('p', 'q', 'r', 'x') }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ metadata, service, ports, endpoints }) => ({
    ...endpointSlice('x', ...endpoints),
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': service } },
    ports,
  }));

const arbitraryNode: fc.Arbitrary<Node> = fc
  .tuple(fc.constantFrom('m', 'n'), fc.constantFrom('z1', 'z2'))
  .map(([name, zone]) => node(name, 'eu', zone));

const target = fc.oneof(
  fc.constant({}),
  fc.record({ selector: labelMap.map((matchLabels) => ({ matchLabels })) }),
  fc.record({
    targetRefs: fc.array(
      fc.tuple(serviceName, fc.option(portName, { nil: undefined })).map(([name, sectionName]) => ({
        kind: 'Service' as const,
        name,
        ...(sectionName === undefined ? {} : { sectionName }),
      })),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

const mode = fc.constantFrom('Strict' as const, 'Permissive' as const, 'Disabled' as const);

const meshSpec = some<MeshPolicySpec>({
  networkPolicy: fc.constantFrom('Generate' as const, 'Generate' as const, 'Disabled' as const),
  mtls: some({ mode, ports: fc.array(fc.record({ port: portNumber, mode }), { maxLength: 2 }) }),
  timeouts: some({ request: duration, perTry: duration, idle: duration }),
  retries: some({
    attempts: fc.nat(3),
    conditions: fc.array(fc.constantFrom('ServerError' as const, 'Reset' as const), { maxLength: 2 }),
    statusCodes: fc.array(fc.constantFrom(429, 503), { maxLength: 2 }),
    backoff: fc.record({ base: duration }),
    budget: fc.record({ percent }),
  }),
  circuitBreaker: some({
    maxConnections: fc.nat(9),
    outlierDetection: some({ interval: duration, baseEjectionTime: duration, maxEjectionTime: duration }),
  }),
  loadBalancer: some({
    slowStart: fc.record({ window: duration }),
    algorithm: fc.constantFrom('RoundRobin' as const, 'RingHash' as const, 'Maglev' as const),
    hash: fc.oneof(
      fc.constant({ sourceIP: true as const }),
      fc.constant({ header: 'X-User' }),
      fc.constant({ cookie: { name: 'c' } }),
    ),
    locality: some({ preference: fc.constantFrom('Zone' as const, 'None' as const) }),
  }),
  connection: some({ connectTimeout: duration, tcpKeepalive: some({ time: duration }) }),
  fault: some({
    delay: fc.record({ duration, percent }),
    abort: fc.oneof(fc.constant({ httpStatus: 503 }), fc.constant({ grpcStatus: 'Unavailable' as const })),
  }),
}) as fc.Arbitrary<MeshPolicySpec>;

const meshPolicy: fc.Arbitrary<MeshPolicy> = fc
  .record({ metadata: metadata(fc.constantFrom('x', 'y', 'z')), target, spec: meshSpec })
  .map(({ metadata, target: to, spec }) => ({
    apiVersion: 'mesh.dot-kube.io/v1alpha1',
    kind: 'MeshPolicy',
    metadata,
    spec: { ...to, ...spec },
  }));

const endpointsOf = fc.oneof(
  fc.record({ service: serviceName }),
  fc.record({ labels: labelMap }),
  fc.record({ service: serviceName, labels: labelMap }),
);

const trafficSplit: fc.Arbitrary<TrafficSplit> = fc
  .record({
    metadata: metadata(fc.constantFrom('x', 'y', 'z')),
    spec: fc.record(
      {
        service: serviceName,
        port: fc.oneof(portNumber, portName),
        backends: fc
          .array(fc.tuple(endpointsOf, fc.nat(3)), { minLength: 1, maxLength: 3 })
          .map((list) =>
            list.map(([to, weight], index) => ({ name: `n${index}`, weight: weight + (index === 0 ? 1 : 0), ...to })),
          ),
        match: fc.array(fc.constantFrom({ method: 'GET' }, { path: { type: 'Prefix' as const, value: '/a' } }), {
          minLength: 1,
          maxLength: 2,
        }),
        mirror: endpointsOf,
        sticky: fc.oneof(fc.constant({ cookie: { name: 'c' } }), fc.constant({ header: { name: 'h' } })),
      },
      { requiredKeys: ['service', 'backends'] },
    ),
  })
  .map((object) => ({ apiVersion: 'mesh.dot-kube.io/v1alpha1', kind: 'TrafficSplit', ...object }));

const rule: fc.Arbitrary<AuthorizationPolicyRule> = some({
  name: fc.constantFrom('same', 'other'),
  from: fc.array(
    fc.constantFrom(
      { principals: ['*'] },
      { namespaces: ['shop', '*-x'] },
      { notServiceAccounts: ['a'] },
      { ipBlocks: ['10.0.0.0/8'] },
    ),
    { minLength: 1, maxLength: 2 },
  ),
  to: fc.array(
    fc.oneof(
      fc.record({ ports: fc.array(portNumber, { minLength: 1, maxLength: 2 }) }),
      fc.record({ ports: fc.array(portNumber, { minLength: 1, maxLength: 2 }), paths: fc.constant(['/a*']) }),
      fc.record({ notPorts: fc.array(portNumber, { minLength: 1, maxLength: 1 }), methods: fc.constant(['GET']) }),
      fc.constant({ hosts: ['*.example.com:80'] }),
    ),
    { minLength: 1, maxLength: 2 },
  ),
});

const authorizationPolicy: fc.Arbitrary<AuthorizationPolicy> = fc
  .record({
    metadata: metadata(fc.constantFrom('x', 'y', 'z')),
    target,
    action: fc.constantFrom('Allow' as const, 'Deny' as const, 'Audit' as const),
    rules: fc.array(rule, { maxLength: 2 }),
    dryRun: fc.boolean(),
  })
  .map(({ metadata, target: to, action, rules, dryRun }) => ({
    apiVersion: 'mesh.dot-kube.io/v1alpha1',
    kind: 'AuthorizationPolicy',
    metadata,
    spec: { ...to, action, rules, ...(dryRun ? { mode: 'DryRun' as const } : {}) },
  }));

/** Any object that the compiler reads, as the API server could hold it. */
export const anyObject: fc.Arbitrary<KubernetesObject> = fc.oneof(
  { arbitrary: service, weight: 4 },
  { arbitrary: arbitraryPod, weight: 3 },
  { arbitrary: slice, weight: 3 },
  { arbitrary: arbitraryNode, weight: 1 },
  { arbitrary: meshPolicy, weight: 3 },
  { arbitrary: trafficSplit, weight: 3 },
  { arbitrary: authorizationPolicy, weight: 3 },
);

/** Objects of which no two have the same kind and name. */
export const anyObjects: fc.Arbitrary<readonly KubernetesObject[]> = fc.uniqueArray(anyObject, {
  selector: ({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`,
  maxLength: 25,
});
