import type {
  AuthorizationPolicy,
  AuthorizationPolicySpec,
  Endpoint,
  EndpointSlice,
  MeshPolicy,
  MeshPolicySpec,
  Node,
  Pod,
  PodSpec,
  Service,
  ServicePort,
  TrafficSplit,
  TrafficSplitSpec,
} from '../../api/index.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { SERVICE_NAME_LABEL } from '../collections.ts';
import type { Labels } from '../lenient.ts';
import { INJECTION_STATUS } from '../pod-class.ts';

/** Changes one thing of an object that is being built. */
export type Modifier<T> = (object: T) => T;

/** The namespace of objects whose name says none. */
export const NAMESPACE = 'shop';

/** `name`, or `namespace/name`. */
function metadataOf(text: string): { readonly namespace: string; readonly name: string } {
  const [first = '', second] = text.split('/');
  return second === undefined ? { namespace: NAMESPACE, name: first } : { namespace: first, name: second };
}

function built<T>(object: T, modifiers: readonly Modifier<T>[]): T {
  return modifiers.reduce((each, modify) => modify(each), object);
}

/** A Service with the cluster IP 10.96.0.1, the selector `app: <name>` and the port 80 named `http`, which leads to 8080. */
export function service(name: string, ...modifiers: readonly Modifier<Service>[]): Service {
  const metadata = metadataOf(name);
  const spec = {
    clusterIP: '10.96.0.1',
    selector: { app: metadata.name },
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
  };
  return built<Service>({ apiVersion: 'v1', kind: 'Service', metadata, spec }, modifiers);
}

/** The Service's ports. */
export function ports(...list: readonly ServicePort[]): Modifier<Service> {
  return (object) => ({ ...object, spec: { ...object.spec, ports: list } });
}

/** The Service's addresses; `None` makes it headless. */
export function clusterIps(...list: readonly string[]): Modifier<Service> {
  return (object) => ({ ...object, spec: { ...object.spec, clusterIP: list[0] ?? '', clusterIPs: list } });
}

/** Other fields of a Service. */
export function serviceSpec(fields: NonNullable<Service['spec']>): Modifier<Service> {
  return (object) => ({ ...object, spec: { ...object.spec, ...fields } });
}

/** A meshed pod with the label `app: <name up to the first dash>`, its own service account of that name, and the address 10.0.0.1. */
export function pod(name: string, ...modifiers: readonly Modifier<Pod>[]): Pod {
  const metadata = metadataOf(name);
  const [app = ''] = metadata.name.split('-');
  return built<Pod>(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels: { app }, annotations: { [INJECTION_STATUS]: 'injected' } },
      spec: { serviceAccountName: app, containers: [{ name: app }] },
      status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
    },
    modifiers,
  );
}

/** The pod's addresses. */
export function podIps(...list: readonly string[]): Modifier<Pod> {
  return (object) => ({
    ...object,
    status: { ...object.status, podIP: list[0] ?? '', podIPs: list.map((ip) => ({ ip })) },
  });
}

/** A pod without a proxy. */
export function unmeshed(object: Pod): Pod {
  const { annotations: _annotations, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Other fields of a pod. */
export function podSpec(fields: PodSpec): Modifier<Pod> {
  return (object) => ({ ...object, spec: { ...object.spec, ...fields } });
}

/** More labels. */
export function labels<T extends KubernetesObject>(more: Labels): Modifier<T> {
  return (object) => ({ ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...more } } });
}

/** When the object was made: the given second of a day. */
export function created<T extends KubernetesObject>(second: number): Modifier<T> {
  const creationTimestamp = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return (object) => ({ ...object, metadata: { ...object.metadata, creationTimestamp } });
}

/** A slice of the Service `name` with the port `http` 8080 and these endpoints. */
export function endpointSlice(name: string, ...endpoints: readonly Endpoint[]): EndpointSlice {
  const metadata = metadataOf(name);
  const [owner = ''] = metadata.name.split('-');
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { [SERVICE_NAME_LABEL]: owner } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080 }],
    endpoints,
  };
}

/** An endpoint that is ready, with the pod behind it. */
export function endpoint(address: string, podName?: string, conditions?: Endpoint['conditions']): Endpoint {
  return {
    addresses: [address],
    conditions: conditions ?? { ready: true, serving: true, terminating: false },
    ...(podName === undefined ? {} : { targetRef: { kind: 'Pod', name: podName } }),
  };
}

/** A node in a zone. */
export function node(name: string, region: string, zone: string): Node {
  const where = { 'topology.kubernetes.io/region': region, 'topology.kubernetes.io/zone': zone };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: where } };
}

const OURS = 'mesh.dot-kube.io/v1alpha1';

/** A MeshPolicy. */
export function meshPolicy(
  name: string,
  spec: MeshPolicySpec,
  ...modifiers: readonly Modifier<MeshPolicy>[]
): MeshPolicy {
  return built<MeshPolicy>({ apiVersion: OURS, kind: 'MeshPolicy', metadata: metadataOf(name), spec }, modifiers);
}

/** A TrafficSplit. */
export function trafficSplit(
  name: string,
  spec: TrafficSplitSpec,
  ...modifiers: readonly Modifier<TrafficSplit>[]
): TrafficSplit {
  return built<TrafficSplit>({ apiVersion: OURS, kind: 'TrafficSplit', metadata: metadataOf(name), spec }, modifiers);
}

/** An AuthorizationPolicy. */
export function authorizationPolicy(
  name: string,
  spec: AuthorizationPolicySpec,
  ...modifiers: readonly Modifier<AuthorizationPolicy>[]
): AuthorizationPolicy {
  const metadata = metadataOf(name);
  return built<AuthorizationPolicy>({ apiVersion: OURS, kind: 'AuthorizationPolicy', metadata, spec }, modifiers);
}

/** The targetRefs of Services; `name/port` for one port. */
export function targets(...names: readonly string[]): NonNullable<MeshPolicySpec['targetRefs']> {
  return names.map((text) => {
    const [name = '', sectionName] = text.split('/');
    return { kind: 'Service', name, ...(sectionName === undefined ? {} : { sectionName }) };
  });
}
