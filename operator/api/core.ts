import type { KubernetesObject } from '../framework/api/object.ts';
import { resourceKind } from '../framework/api/resource-kind.ts';

/** A number, or the name of a port of the pod's containers. */
export type IntOrString = number | string;

/** The protocols of a port; absent means TCP. */
export type PortProtocol = 'TCP' | 'UDP' | 'SCTP';

/** A namespace: its labels say whether its pods are meshed. */
export interface Namespace extends KubernetesObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
}

/** A Service, as far as the mesh reads it. */
export interface Service extends KubernetesObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Service';
  readonly spec?: ServiceSpec;
}

/** What a Service is reached by, and which pods are behind it. */
export interface ServiceSpec {
  /** Absent: ClusterIP. */
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** Its first address; `None` for a headless Service; absent or empty before one is allocated, and for ExternalName. */
  readonly clusterIP?: string;
  /** All its addresses, one or two IP families; `['None']` for a headless Service. */
  readonly clusterIPs?: readonly string[];
  /** The DNS name that a Service of the type ExternalName stands for. */
  readonly externalName?: string;
  readonly ports?: readonly ServicePort[];
  readonly selector?: Readonly<Record<string, string>>;
  readonly publishNotReadyAddresses?: boolean;
  readonly sessionAffinity?: 'None' | 'ClientIP';
  readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
  /** PreferClose, PreferSameZone or PreferSameNode. */
  readonly trafficDistribution?: string;
}

/** One port of a Service. */
export interface ServicePort {
  /** Absent or empty when the Service has one port. */
  readonly name?: string;
  readonly port: number;
  /** Absent: the same as `port`. */
  readonly targetPort?: IntOrString;
  readonly protocol?: PortProtocol;
  /** What is spoken: `http`, `kubernetes.io/h2c`, `grpc`, `tcp`, … */
  readonly appProtocol?: string;
}

/** Some of the endpoints of a Service, all of one address family and with the same ports. */
export interface EndpointSlice extends KubernetesObject {
  readonly apiVersion: 'discovery.k8s.io/v1';
  readonly kind: 'EndpointSlice';
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  /** The API allows null. */
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?: readonly EndpointPort[] | null;
}

/** One endpoint: a pod, most often. Only the first address counts. */
export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: EndpointConditions;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly targetRef?: {
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
  };
}

/** An absent `ready` means ready; an absent `serving` means the same as `ready`; an absent `terminating` means no. */
export interface EndpointConditions {
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
}

/** A port of all endpoints of a slice; `name` is that of the Service's port, empty where it has none. */
export interface EndpointPort {
  readonly name?: string;
  /** Absent: every port. */
  readonly port?: number;
  readonly protocol?: PortProtocol;
  readonly appProtocol?: string;
}

/** A pod, as far as the mesh reads it. */
export interface Pod extends KubernetesObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly spec?: PodSpec;
  readonly status?: PodStatus;
}

/** What runs in a pod, and as whom. */
export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}

/** One container of a pod. */
export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly workingDir?: string;
  readonly ports?: readonly ContainerPort[];
  /** `Always` on an init container makes it a sidecar. */
  readonly restartPolicy?: string;
}

/** A port that a container listens on. */
export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: PortProtocol;
}

/** What became of a pod. */
export interface PodStatus {
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly conditions?: readonly { readonly type: string; readonly status: 'True' | 'False' | 'Unknown' }[];
}

/** The account that a pod runs as, and whose name is in its identity. */
export interface ServiceAccount extends KubernetesObject {
  readonly apiVersion: 'v1';
  readonly kind: 'ServiceAccount';
}

/** A node: its labels say in which zone and region its pods are. */
export interface Node extends KubernetesObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
}

/** The kind Namespace. */
export const NAMESPACE = resourceKind<Namespace>('v1', 'Namespace', { namespaced: false });
/** The kind Service. */
export const SERVICE = resourceKind<Service>('v1', 'Service');
/** The kind EndpointSlice. */
export const ENDPOINT_SLICE = resourceKind<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice');
/** The kind Pod. */
export const POD = resourceKind<Pod>('v1', 'Pod');
/** The kind ServiceAccount. */
export const SERVICE_ACCOUNT = resourceKind<ServiceAccount>('v1', 'ServiceAccount');
/** The kind Node. */
export const NODE = resourceKind<Node>('v1', 'Node', { namespaced: false });
