import type { EndpointSlice } from '../../../operator/api/index.ts';
import type { KubernetesObject } from '../../../operator/framework/index.ts';

/** A meshed pod as injection leaves it, with the status that a kubelet would write. */
export interface PodSpec {
  readonly namespace: string;
  readonly name: string;
  /** The label `app`, and by default the service account. */
  readonly app: string;
  readonly ip: string;
  /** Of a pod with addresses of both families, the other one. */
  readonly ipv6?: string;
  readonly serviceAccount?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

/** A pod of the mesh that runs, though no node has it. */
export function podObject(spec: PodSpec): KubernetesObject {
  const {
    namespace,
    name,
    app,
    ip,
    ipv6,
    serviceAccount = app,
    labels = {},
    ports = [{ name: 'http', containerPort: 8080 }],
  } = spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name,
      labels: { app, ...labels },
      annotations: { 'mesh.dot-kube.io/status': 'injected' },
    },
    spec: {
      serviceAccountName: serviceAccount,
      containers: [{ name: 'app', image: 'app', ports }],
    },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }, ...(ipv6 === undefined ? [] : [{ ip: ipv6 }])] },
  };
}

/** The slice that a cluster's own controller would make: ready pods behind a Service. */
export function sliceObject(
  namespace: string,
  service: string,
  pods: readonly { readonly name: string; readonly ip: string }[],
  port: { readonly name: string; readonly port: number } = { name: 'http', port: 8080 },
): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name: `${service}-1`, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: pods.map(({ name, ip }) => ({
      addresses: [ip],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', namespace, name },
    })),
    ports: [{ ...port, protocol: 'TCP' }],
  };
}
