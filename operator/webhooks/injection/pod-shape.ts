import type { IntOrString } from '../../api/core.ts';

/** A pod, or a template of pods, as far as injection reads it; all else is kept as it is. */
export interface PodShape {
  readonly metadata?: PodMetadata | null;
  readonly spec?: PodSpecShape | null;
  readonly [field: string]: unknown;
}

export interface PodMetadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly annotations?: Readonly<Record<string, string>> | null;
  readonly [field: string]: unknown;
}

export interface PodSpecShape {
  readonly serviceAccountName?: string;
  readonly hostNetwork?: boolean;
  readonly os?: { readonly name?: string } | null;
  readonly nodeSelector?: Readonly<Record<string, string>> | null;
  readonly terminationGracePeriodSeconds?: number | null;
  readonly securityContext?: { readonly runAsUser?: number } | null;
  readonly containers?: readonly ContainerShape[] | null;
  readonly initContainers?: readonly ContainerShape[] | null;
  readonly volumes?: readonly { readonly name?: string; readonly [field: string]: unknown }[] | null;
  readonly [field: string]: unknown;
}

export interface ContainerShape {
  readonly name?: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[] | null;
  readonly livenessProbe?: ProbeShape | null;
  readonly readinessProbe?: ProbeShape | null;
  readonly startupProbe?: ProbeShape | null;
  readonly lifecycle?: LifecycleShape | null;
  readonly securityContext?: { readonly runAsUser?: number } | null;
  readonly [field: string]: unknown;
}

export interface LifecycleShape {
  readonly postStart?: HandlerShape | null;
  readonly preStop?: HandlerShape | null;
  readonly [field: string]: unknown;
}

/** How the kubelet asks a container for something. */
export interface HandlerShape {
  readonly httpGet?: HttpGetShape | null;
  readonly tcpSocket?: { readonly host?: string; readonly port: IntOrString } | null;
  readonly grpc?: { readonly port: IntOrString; readonly service?: string | null } | null;
  readonly sleep?: { readonly seconds?: number } | null;
  readonly [field: string]: unknown;
}

export interface HttpGetShape {
  readonly host?: string;
  readonly path?: string;
  readonly port: IntOrString;
  readonly scheme?: string;
  readonly [field: string]: unknown;
}

export interface ProbeShape extends HandlerShape {
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
}
