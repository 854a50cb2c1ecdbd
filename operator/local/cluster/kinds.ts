import type { Container, IntOrString, Pod, PodSpec } from '../../api/core.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { resourceKind } from '../../framework/api/resource-kind.ts';

/** What pods are made from. */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: LocalPodSpec;
}

/** A Deployment, as far as the local mode follows it; ReplicaSets and DaemonSets are read the same way. */
export interface Deployment extends KubernetesObject {
  readonly spec?: {
    /** Default: 1. */
    readonly replicas?: number;
    readonly template?: PodTemplate;
    readonly strategy?: { readonly type?: 'RollingUpdate' | 'Recreate' };
  };
}

/** A StatefulSet, as far as the local mode follows it. */
export interface StatefulSet extends KubernetesObject {
  readonly spec?: {
    /** Default: 1. */
    readonly replicas?: number;
    readonly template?: PodTemplate;
    readonly podManagementPolicy?: 'OrderedReady' | 'Parallel';
  };
}

/** A pod with what the local mode reads beyond what the mesh does. */
export interface LocalPod extends Pod {
  readonly spec?: LocalPodSpec;
}

/** See {@link LocalPod}. */
export interface LocalPodSpec extends PodSpec {
  readonly containers?: readonly LocalContainer[];
  readonly initContainers?: readonly LocalContainer[];
  /** Default: 30; the local mode waits for 5 at most. */
  readonly terminationGracePeriodSeconds?: number;
}

/** A container: `command` and `args` are run as a process, the image is not looked at. */
export interface LocalContainer extends Omit<Container, 'env'> {
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFrom[];
  readonly readinessProbe?: Probe;
}

/** One variable of the environment. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly configMapKeyRef?: KeyRef;
    readonly secretKeyRef?: KeyRef;
  };
}

/** A key of a ConfigMap or Secret of the pod's namespace. */
export interface KeyRef {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** All keys of a ConfigMap or Secret as variables. */
export interface EnvFrom {
  readonly prefix?: string;
  readonly configMapRef?: { readonly name: string; readonly optional?: boolean };
  readonly secretRef?: { readonly name: string; readonly optional?: boolean };
}

/** How to tell whether a container is ready. Times are in seconds. */
export interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port: IntOrString; readonly scheme?: 'HTTP' | 'HTTPS' };
  readonly tcpSocket?: { readonly port: IntOrString };
  readonly grpc?: { readonly port: number };
  readonly exec?: { readonly command: readonly string[] };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
}

/** A ConfigMap or a Secret. */
export interface DataObject extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

/** The kind Deployment. */
export const DEPLOYMENT = resourceKind<Deployment>('apps/v1', 'Deployment');
/** The kind ReplicaSet. */
export const REPLICA_SET = resourceKind<Deployment>('apps/v1', 'ReplicaSet');
/** The kind DaemonSet: one pod, as there is one machine. */
export const DAEMON_SET = resourceKind<Deployment>('apps/v1', 'DaemonSet');
/** The kind StatefulSet. */
export const STATEFUL_SET = resourceKind<StatefulSet>('apps/v1', 'StatefulSet');
/** The kind ConfigMap. */
export const CONFIG_MAP = resourceKind<DataObject>('v1', 'ConfigMap');
/** The kind Secret. */
export const SECRET = resourceKind<DataObject>('v1', 'Secret');

/** The name of the pod template's hash among the labels of a pod. */
export const TEMPLATE_HASH_LABEL = 'pod-template-hash';
