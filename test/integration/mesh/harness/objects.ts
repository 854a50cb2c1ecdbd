import type { Service } from '../../../../operator/api/index.ts';
import type { KubernetesObject } from '../../../../operator/framework/index.ts';

/** The namespace that everything of these tests is in. */
export const NAMESPACE = 'shop';

/** What a test says of a port; `targetPort` defaults to `port`. */
export interface PortSpec {
  readonly port: number;
  readonly targetPort?: number;
  /** Absent: nobody says what it carries. */
  readonly appProtocol?: string;
}

/** A Service of the pods with the label `app`. Its ports are named `p<port>`. */
export function service(name: string, clusterIP: string, ports: readonly PortSpec[], app: string = name): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE, name },
    spec: {
      clusterIP,
      clusterIPs: [clusterIP],
      selector: { app },
      ports: ports.map(({ port, targetPort = port, appProtocol }) => ({
        name: `p${port}`,
        port,
        targetPort,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      })),
    },
  };
}

/** The endpoints of such a Service: these pods, all ready. */
export function endpoints(
  serviceName: string,
  pods: readonly { readonly name: string; readonly ip: string }[],
  ports: readonly PortSpec[],
): KubernetesObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: NAMESPACE,
      name: `${serviceName}-1`,
      labels: { 'kubernetes.io/service-name': serviceName },
    },
    addressType: 'IPv4',
    endpoints: pods.map(({ name, ip }) => ({
      addresses: [ip],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', namespace: NAMESPACE, name },
    })),
    ports: ports.map(({ port, targetPort = port }) => ({ name: `p${port}`, port: targetPort, protocol: 'TCP' })),
  } as KubernetesObject;
}

/** The same outside of the mesh: no pod, an address alone. */
export function externalEndpoints(serviceName: string, address: string, ports: readonly PortSpec[]): KubernetesObject {
  const slice = endpoints(serviceName, [], ports);
  return { ...slice, endpoints: [{ addresses: [address], conditions: { ready: true } }] } as KubernetesObject;
}

/** One of our kinds. */
export function policy(
  kind: 'MeshPolicy' | 'TrafficSplit' | 'AuthorizationPolicy',
  name: string,
  spec: unknown,
): KubernetesObject {
  return { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind, metadata: { namespace: NAMESPACE, name }, spec };
}
