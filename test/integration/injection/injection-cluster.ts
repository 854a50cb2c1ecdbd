import { setTimeout as delay } from 'node:timers/promises';
import { NAMESPACE, POD } from '../../../operator/api/core.ts';
import {
  ApiError,
  HttpApi,
  kubeconfigConnection,
  type KubernetesObject,
  resourceKind,
} from '../../../operator/framework/index.ts';
import type { PodShape } from '../../../operator/webhooks/injection/pod-shape.ts';
import { type ControlPlane, startControlPlane } from '../../cluster/control-plane.ts';
import type { KubernetesRelease } from '../../tools/kube-binaries.ts';
import { REFERENCE_NAMESPACE } from '../../golden/injection/cases.ts';

/** What the API server makes of a pod: what it would store, or why it takes none. */
export type Stored = { readonly pod: PodShape } | { readonly refused: string };

/** A real API server with the namespaces of the golden cases, on which pods are tried out. */
export interface InjectionCluster extends AsyncDisposable {
  readonly controlPlane: ControlPlane;
  readonly api: HttpApi;
  /** What would become of a pod in a namespace. */
  make(pod: PodShape, namespace: string): Promise<Stored>;
  /** Applies objects that are no kinds of ours. */
  apply(objects: readonly KubernetesObject[]): Promise<void>;
}

/** Starts one; never a cluster that others use too, as injection is the business of a whole cluster. */
export async function startInjectionCluster(release: KubernetesRelease = 'newest'): Promise<InjectionCluster> {
  const controlPlane = await startControlPlane({ release, environment: { ...process.env, KUBECONFIG: '' } });
  const api = new HttpApi(await kubeconfigConnection({ path: controlPlane.kubeconfig }));
  const cluster: InjectionCluster = {
    controlPlane,
    api,
    make: (pod, namespace) => make(api, pod, namespace),
    apply: async (objects) => {
      for (const object of objects) {
        const kind = resourceKind(object.apiVersion, object.kind, pluralOf(object.kind));
        await api.apply(kind, object, { fieldManager: 'test', force: true });
      }
    },
    [Symbol.asyncDispose]: async () => {
      api.close();
      await controlPlane.stop();
    },
  };
  const asking = { 'mesh.dot-kube.io/inject': 'enabled' };
  for (const [name, labels] of [
    ['shop', asking],
    ['kube-system', asking],
    ['plain', {}],
    [REFERENCE_NAMESPACE, asking],
  ] as const) {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
    await api.apply(NAMESPACE, namespace, { fieldManager: 'test', force: true });
  }
  return cluster;
}

async function make(api: HttpApi, pod: PodShape, namespace: string): Promise<Stored> {
  // As the admission plugin does that this server runs without.
  const spec = { serviceAccountName: 'default', ...pod.spec };
  const object = { ...pod, apiVersion: 'v1', kind: 'Pod', metadata: { name: '', ...pod.metadata, namespace }, spec };
  try {
    const stored = await api.create(POD, object as never, { dryRun: true });
    return { pod: stored as unknown as PodShape };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { refused: error.message };
  }
}

/** Waits until a pod without anything gets a proxy of this image: policies and webhooks need a moment. */
export async function untilInjecting(cluster: InjectionCluster, image: string): Promise<void> {
  const pod = { metadata: { name: 'first' }, spec: { containers: [{ name: 'app', image: 'app' }] } };
  const deadline = performance.now() + 30_000;
  for (let last: unknown; ; await delay(100)) {
    const stored = await cluster.make(pod, 'shop');
    if ('pod' in stored && stored.pod.spec?.initContainers?.some((container) => container['image'] === image)) return;
    last = stored;
    if (performance.now() > deadline) throw new Error(`no pod is injected: ${JSON.stringify(last).slice(0, 500)}`);
  }
}

/** What of a stored pod does not depend on when and where it was made. */
export function comparable({ metadata, spec }: PodShape): unknown {
  return { labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {}, spec };
}

function pluralOf(kind: string): { plural?: string; namespaced: boolean } {
  const namespaced = false;
  return kind.endsWith('Policy') ? { plural: `${kind.toLowerCase().slice(0, -1)}ies`, namespaced } : { namespaced };
}
