import type { Chance } from '../integration/validation/schema-samples.ts';
import type { Endpoint, EndpointSlice, Node, Pod, Service, ServicePort } from '../../operator/api/index.ts';
import type { KubernetesObject } from '../../operator/framework/index.ts';

/** Few names, so that objects meet. */
export const NAMESPACES = ['shop', 'shop', 'shop', 'vault', 'dot-kube-system'];
/** Of Services. */
export const SERVICE_NAMES = ['a', 'b', 'c', 'web', 'x'.repeat(63)];
const APPS = ['web', 'api', 'reviews'];
const PORTS = [80, 81, 443, 8080, 65_535];
const PORT_NAMES = ['http', 'grpc', 'tcp', 'web', 'h2c-x', 'mysql', 'https-1'];
const APP_PROTOCOLS = [
  'http',
  'https',
  'grpc',
  'tcp',
  'tls',
  'HTTP',
  'kubernetes.io/h2c',
  'kubernetes.io/ws',
  'kubernetes.io/wss',
  'mongo',
  'example.com/custom',
];
const PROTOCOLS = ['TCP', 'TCP', 'TCP', 'UDP', 'SCTP'] as const;
const ZONES = ['z1', 'z2', ''];

/** Any object of Kubernetes' own kinds that the compiler reads, in all shapes that an API server stores. */
export function randomCoreObject(chance: Chance): KubernetesObject {
  const dice = chance.below(20);
  if (dice < 7) return randomService(chance);
  if (dice < 13) return randomSlice(chance);
  if (dice < 18) return randomPod(chance);
  return dice < 19 ? randomNode(chance) : randomNamespace(chance);
}

function metadata(chance: Chance, names: readonly string[]): { readonly name: string; readonly namespace: string } {
  const created = chance.once(2) ? { creationTimestamp: `2026-01-01T00:00:0${chance.below(4)}Z` } : {};
  return { name: chance.pick(names), namespace: chance.pick(NAMESPACES), ...created };
}

function ipv4(chance: Chance): string {
  return `10.0.${chance.below(2)}.${chance.below(20)}`;
}

function ipv6(chance: Chance): string {
  return chance.pick(['fd00::1', 'fd00::2', 'fd00:0:0:1::a', 'fd00::ffff:1']);
}

function several<T>(chance: Chance, most: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: chance.below(most + 1) }, (_, index) => make(index));
}

function servicePorts(chance: Chance): readonly ServicePort[] {
  const numbers = PORTS.filter(() => chance.once(3));
  const isOne = numbers.length === 1;
  return numbers.map((port, index) => ({
    port,
    protocol: chance.pick(PROTOCOLS),
    ...(isOne && chance.once(2) ? {} : { name: `${chance.pick(PORT_NAMES)}${index === 0 ? '' : `-${index}`}` }),
    ...(chance.once(2) ? {} : { targetPort: chance.once(2) ? chance.pick(PORTS) : chance.pick(PORT_NAMES) }),
    ...(chance.once(2) ? {} : { appProtocol: chance.pick(APP_PROTOCOLS) }),
  }));
}

function randomService(chance: Chance): Service {
  const number = chance.below(6) + 1;
  const [v4, v6] = [`10.96.0.${number}`, `fd00:96::${number}`];
  const addresses = chance.pick([[v4], [v4], [v6], [v4, v6], [v6, v4], ['None'], ['None'], [], []]);
  const isExternal = chance.once(8);
  const external = {
    type: 'ExternalName' as const,
    externalName: chance.pick(['example.com', 'db.example.com.', 'a-b.c']),
  };
  const internal = {
    type: chance.pick(['ClusterIP', 'NodePort', 'LoadBalancer'] as const),
    ...(addresses[0] === undefined ? {} : { clusterIP: addresses[0], clusterIPs: addresses }),
    ...(chance.once(6) ? {} : { selector: { app: chance.pick(APPS) } }),
    publishNotReadyAddresses: chance.once(4),
    ...(chance.once(4) ? { sessionAffinity: 'ClientIP' as const } : {}),
    ...(chance.once(8)
      ? { sessionAffinityConfig: { clientIP: { timeoutSeconds: chance.pick([1, 10_800, 86_400]) } } }
      : {}),
    ...(chance.once(4)
      ? { trafficDistribution: chance.pick(['PreferClose', 'PreferSameZone', 'PreferSameNode']) }
      : {}),
  };
  const ports = servicePorts(chance);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(chance, SERVICE_NAMES),
    spec: { ...(isExternal ? external : internal), ...(ports.length === 0 && chance.once(2) ? {} : { ports }) },
  };
}

function randomEndpoint(chance: Chance, type: EndpointSlice['addressType']): Endpoint {
  const address = type === 'IPv4' ? ipv4(chance) : type === 'IPv6' ? ipv6(chance) : 'host.example.com';
  return {
    addresses: [address],
    ...(chance.once(4)
      ? {}
      : { conditions: { ready: chance.once(2), serving: chance.once(2), terminating: chance.once(3) } }),
    ...(chance.once(2) ? {} : { targetRef: { kind: 'Pod', name: `${chance.pick(APPS)}-${chance.below(3)}` } }),
    ...(chance.once(2) ? {} : { nodeName: chance.pick(['m', 'n']) }),
    ...(chance.once(2) ? {} : { zone: chance.pick(ZONES) }),
    ...(chance.once(4) ? { hostname: chance.pick(['web-0', 'web-1']) } : {}),
  };
}

function randomSlice(chance: Chance): EndpointSlice {
  const addressType = chance.pick(['IPv4', 'IPv4', 'IPv4', 'IPv6', 'FQDN'] as const);
  const owner = chance.pick(SERVICE_NAMES);
  const { name: _, ...rest } = metadata(chance, SERVICE_NAMES);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...rest,
      name: `${owner.slice(0, 60)}-${chance.below(2)}`,
      labels: { 'kubernetes.io/service-name': owner },
    },
    addressType,
    endpoints: chance.once(10) ? null : several(chance, 4, () => randomEndpoint(chance, addressType)),
    ports: chance.once(12)
      ? null
      : several(chance, 3, () => ({
          ...(chance.once(4) ? {} : { name: chance.pick(PORT_NAMES) }),
          ...(chance.once(10) ? {} : { port: chance.pick(PORTS) }),
          protocol: chance.pick(PROTOCOLS),
        })),
  };
}

function randomPod(chance: Chance): Pod {
  const app = chance.pick(APPS);
  const ips = chance.pick([[ipv4(chance)], [ipv4(chance)], [ipv6(chance)], [ipv4(chance), ipv6(chance)], []]);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata(chance, [`${app}-0`, `${app}-1`, `${app}-2`]),
      labels: { app, ...(chance.once(2) ? { version: chance.pick(['v1', 'v2']) } : {}) },
      ...(chance.once(3) ? {} : { annotations: { 'mesh.dot-kube.io/status': 'injected' } }),
    },
    spec: {
      serviceAccountName: chance.pick([app, 'default']),
      nodeName: chance.pick(['m', 'n', 'gone']),
      ...(chance.once(10) ? { hostNetwork: true } : {}),
      containers: [
        {
          name: 'app',
          image: 'app',
          ports: several(chance, 3, () => ({
            ...(chance.once(3) ? {} : { name: chance.pick(PORT_NAMES) }),
            containerPort: chance.pick(PORTS),
            protocol: chance.pick(PROTOCOLS),
          })),
        },
      ],
    },
    status: {
      phase: chance.pick(['Running', 'Running', 'Running', 'Pending', 'Succeeded', 'Failed'] as const),
      ...(ips[0] === undefined ? {} : { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) }),
    },
  };
}

function randomNode(chance: Chance): Node {
  const zone = chance.pick(ZONES);
  const labels = zone === '' ? {} : { 'topology.kubernetes.io/region': 'eu', 'topology.kubernetes.io/zone': zone };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: chance.pick(['m', 'n']), labels } };
}

function randomNamespace(chance: Chance): KubernetesObject {
  const labels = chance.once(2) ? { 'mesh.dot-kube.io/injection': 'enabled' } : {};
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: chance.pick(NAMESPACES), labels } };
}
