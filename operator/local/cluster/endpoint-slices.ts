import type { Endpoint, EndpointPort, EndpointSlice, Pod, Service, ServicePort } from '../../api/core.ts';
import { isReady, isTerminating, selects } from './pod-state.ts';
import { ZONE_LABEL } from './locality.ts';

/** Who writes the slices: others are left alone. */
export const SLICE_MANAGER = 'dotkube-local';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';

/** Whether a slice is one of {@link endpointSlicesFor}. */
export function isOwnSlice(slice: EndpointSlice): boolean {
  return slice.metadata.labels?.[MANAGED_BY] === SLICE_MANAGER;
}

/**
 * The slices of a Service with a selector: one for each set of port numbers, because a named target port may be another
 * number in every pod. Pods without an address are left out; those that terminate are there until they are gone.
 */
export function endpointSlicesFor(service: Service, pods: readonly Pod[]): readonly EndpointSlice[] {
  const { selector, ports = [], publishNotReadyAddresses = false, type } = service.spec ?? {};
  if (selector === undefined || Object.keys(selector).length === 0 || type === 'ExternalName') return [];
  const groups = new Map<string, { readonly ports: readonly EndpointPort[]; readonly endpoints: Endpoint[] }>();
  for (const pod of pods.filter((pod) => sameNamespace(pod, service) && selects(selector, pod)).sort(byName)) {
    const resolved = ports.flatMap((port) => endpointPort(port, pod) ?? []);
    const endpoint = endpointOf(pod, publishNotReadyAddresses);
    if (endpoint === undefined || resolved.length === 0) continue;
    const key = JSON.stringify(resolved);
    const group = groups.get(key) ?? { ports: resolved, endpoints: [] };
    groups.set(key, group);
    group.endpoints.push(endpoint);
  }
  return [...groups.values()].map((group, index) => sliceOf(service, index, group.ports, group.endpoints));
}

function sliceOf(
  { metadata, spec }: Service,
  index: number,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
): EndpointSlice {
  const headless = spec?.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${metadata.name}-local-${index}`,
      namespace: metadata.namespace ?? 'default',
      labels: { [MANAGED_BY]: SLICE_MANAGER, 'kubernetes.io/service-name': metadata.name, ...headless },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: metadata.name, uid: metadata.uid ?? '' }],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  };
}

function endpointOf(pod: Pod, publishNotReady: boolean): Endpoint | undefined {
  const { metadata, spec, status } = pod;
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (status?.podIP === undefined || ended) return undefined;
  const serving = isReady(pod) || publishNotReady;
  const terminating = isTerminating(pod);
  const zone = metadata.labels?.[ZONE_LABEL];
  return {
    addresses: [status.podIP],
    conditions: { ready: serving && !terminating, serving, terminating },
    ...(spec?.nodeName === undefined ? {} : { nodeName: spec.nodeName }),
    ...(zone === undefined ? {} : { zone }),
    targetRef: {
      kind: 'Pod',
      name: metadata.name,
      namespace: metadata.namespace ?? 'default',
      uid: metadata.uid ?? '',
    },
  };
}

/** The port of a pod that a Service's port leads to; undefined where the pod has no port of that name. */
function endpointPort(port: ServicePort, pod: Pod): EndpointPort | undefined {
  const target = port.targetPort ?? port.port;
  const number = typeof target === 'number' ? target : containerPort(pod, target);
  if (number === undefined) return undefined;
  return {
    name: port.name ?? '',
    port: number,
    protocol: port.protocol ?? 'TCP',
    ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
  };
}

function containerPort(pod: Pod, name: string): number | undefined {
  // YAML may hold a number as text.
  if (/^\d+$/.test(name)) return Number(name);
  const ports = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find((port) => port.name === name)?.containerPort;
}

function sameNamespace(pod: Pod, service: Service): boolean {
  return (pod.metadata.namespace ?? 'default') === (service.metadata.namespace ?? 'default');
}

function byName(a: Pod, b: Pod): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
