import type { EndpointSlice, KubernetesObject, Pod, Service } from './kinds.ts';

/** The namespace that everything of a feature test is in, unless it says otherwise. */
export const NAMESPACE = 'shop';

/** A Service with one port; `address` is its cluster IP. */
export function service(name: string, address: string, port: Partial<Port> = {}): Service {
  const { number = 80, targetPort = 8080, appProtocol = 'http' } = port;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE, name },
    spec: {
      clusterIP: address,
      clusterIPs: [address],
      selector: { app: name },
      ports: [{ name: appProtocol, port: number, targetPort, appProtocol }],
    },
  };
}

interface Port {
  readonly number: number;
  readonly targetPort: number;
  readonly appProtocol: string;
}

/** A meshed pod of the workload `app`, running as the service account of the same name. */
export function pod(app: string, index: number, ip: string, labels: Readonly<Record<string, string>> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: NAMESPACE,
      name: `${app}-${index}`,
      labels: { app, ...labels },
      annotations: { 'mesh.dot-kube.io/status': 'injected' },
    },
    spec: {
      serviceAccountName: app,
      containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }],
    },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
  };
}

/** The endpoints of a Service: its pods, by index and address. */
export function endpointSlice(
  app: string,
  pods: readonly { readonly index: number; readonly ip: string }[],
  portName = 'http',
): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: NAMESPACE, name: `${app}-1`, labels: { 'kubernetes.io/service-name': app } },
    addressType: 'IPv4',
    endpoints: pods.map(({ index, ip }) => ({
      addresses: [ip],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', namespace: NAMESPACE, name: `${app}-${index}` },
    })),
    ports: [{ name: portName, port: 8080, protocol: 'TCP' }],
  };
}

/** A Service `app` with two pods, and all that belongs to it. `octet` keeps the addresses of several apart. */
export function workload(
  app: string,
  octet: number,
  labels: Readonly<Record<string, string>> = {},
): readonly KubernetesObject[] {
  const pods = [1, 2].map((index) => ({ index, ip: `10.244.${octet}.${index}` }));
  return [
    service(app, `10.96.0.${octet}`),
    ...pods.map(({ index, ip }) => pod(app, index, ip, labels)),
    endpointSlice(app, pods),
  ];
}

/** One of our kinds. */
export function policy(
  kind: 'MeshPolicy' | 'TrafficSplit' | 'AuthorizationPolicy',
  name: string,
  spec: unknown,
): KubernetesObject {
  return { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind, metadata: { namespace: NAMESPACE, name }, spec };
}
