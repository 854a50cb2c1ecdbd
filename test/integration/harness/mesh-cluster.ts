import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { MeshStatus } from '../../../operator/api/index.ts';
import {
  findCondition,
  HttpApi,
  kubeconfigConnection,
  type KubernetesObject,
  resourceKind,
  type ResourceKind,
} from '../../../operator/framework/index.ts';
import { type ControlPlane, startControlPlane } from '../../cluster/control-plane.ts';
import type { Kubectl } from '../../cluster/kubectl.ts';
import type { KubernetesRelease } from '../../tools/kube-binaries.ts';
import { type PodSpec, podObject, sliceObject } from './mesh-objects.ts';

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Where the operator keeps its Lease, and policies for the whole mesh are. */
export const SYSTEM_NAMESPACE = 'dot-kube-system';

const USER = { fieldManager: 'user', force: true } as const;

/** One of our objects as it is in the API. */
export type MeshObject = KubernetesObject & { readonly status?: MeshStatus };

/** A real API server that has our kinds, and what stands in for nodes: pods with a status, endpoints, tokens. */
export class MeshCluster implements AsyncDisposable {
  readonly controlPlane: ControlPlane;
  readonly api: HttpApi;
  readonly kubectl: Kubectl;

  constructor(controlPlane: ControlPlane, api: HttpApi) {
    this.controlPlane = controlPlane;
    this.api = api;
    this.kubectl = controlPlane.kubectl;
  }

  /** Starts an API server, `kubectl apply -f crds/` included unless `crds` is false. */
  static async start(
    options: {
      readonly crds?: boolean;
      readonly apiServerArgs?: readonly string[];
      readonly release?: KubernetesRelease;
    } = {},
  ): Promise<MeshCluster> {
    const { apiServerArgs = [], release = 'newest' } = options;
    const controlPlane = await startControlPlane({ apiServerArgs, release });
    const api = new HttpApi(await kubeconfigConnection({ path: controlPlane.kubeconfig }));
    const cluster = new MeshCluster(controlPlane, api);
    try {
      if (options.crds !== false) await cluster.applyCrds();
      await cluster.namespace(SYSTEM_NAMESPACE);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get kubeconfig(): string {
    return this.controlPlane.kubeconfig;
  }

  /** `kubectl apply -f crds/`; returns when the API server serves the kinds. */
  async applyCrds(): Promise<void> {
    await this.kubectl('apply', '-f', join(ROOT, 'crds'));
    await this.kubectl(
      'wait',
      '--for=condition=Established',
      '--timeout=30s',
      'crd',
      '-l',
      'app.kubernetes.io/part-of=dot-kube',
    );
  }

  async namespace(name: string): Promise<void> {
    await this.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  /** Applies objects as a user would; a status in them is written too. */
  async apply(...objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) {
      const kind = kindOf(object);
      const { status, ...rest } = object;
      await this.api.apply(kind, rest, USER);
      if (status === undefined) continue;
      const { apiVersion, metadata } = object;
      const { namespace, name } = metadata;
      const reference = { ...(namespace === undefined ? {} : { namespace }), name };
      await this.api.apply(
        kind,
        { apiVersion, kind: object.kind, metadata: reference, status },
        { ...USER, subresource: 'status' },
      );
    }
  }

  async get(object: KubernetesObject): Promise<MeshObject> {
    return (await this.api.get(kindOf(object), object.metadata)) as MeshObject;
  }

  async delete(object: KubernetesObject): Promise<void> {
    await this.api.delete(kindOf(object), object.metadata);
  }

  /** Makes a running pod, its service account included. */
  async pod(spec: PodSpec): Promise<void> {
    const { namespace, app, serviceAccount = app } = spec;
    await this.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: serviceAccount } });
    await this.apply(podObject(spec));
  }

  /** A Service that exists already gets these pods as endpoints. */
  async endpoints(...args: Parameters<typeof sliceObject>): Promise<void> {
    await this.apply(sliceObject(...args));
  }

  /** A token as the kubelet projects it into the pod: bound to it, for the audience of the control plane. */
  async token(pod: Pick<PodSpec, 'namespace' | 'name' | 'app' | 'serviceAccount'>): Promise<string> {
    const { namespace, name } = pod;
    const { metadata } = await this.api.get(resourceKind('v1', 'Pod'), { namespace, name });
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: { name: '' },
      spec: {
        audiences: ['dot-kube'],
        expirationSeconds: 3600,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid: metadata.uid },
      },
    };
    const account = { namespace, name: pod.serviceAccount ?? pod.app };
    const made = await this.api.createSubresource(resourceKind('v1', 'ServiceAccount'), account, 'token', request);
    return (made as unknown as { readonly status: { readonly token: string } }).status.token;
  }

  /** Waits until a condition of the object's current generation has a status, and maybe a reason; answers the object. */
  async until(object: KubernetesObject, type: string, wanted: string, milliseconds = 10_000): Promise<MeshObject> {
    const [status, reason] = wanted.split(' ');
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const found = await this.get(object);
      const condition = findCondition(found.status?.conditions, type);
      const isCurrent = condition?.observedGeneration === found.metadata.generation;
      if (isCurrent && condition?.status === status && (reason === undefined || condition?.reason === reason))
        return found;
      if (performance.now() > deadline) {
        const { kind, metadata } = object;
        throw new Error(
          `${kind} ${metadata.name}: ${type} is not ${wanted}: ${JSON.stringify(found.status, undefined, 1)}`,
        );
      }
      await delay(20);
    }
  }

  async stop(): Promise<void> {
    this.api.close();
    await this.controlPlane.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

const CLUSTER_SCOPED = new Set(['Namespace', 'Node', 'CustomResourceDefinition']);

function kindOf({ apiVersion, kind }: KubernetesObject): ResourceKind {
  return resourceKind(apiVersion, kind, { namespaced: !CLUSTER_SCOPED.has(kind) });
}
