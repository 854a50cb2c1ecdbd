import {
  HttpApi,
  isAlreadyExists,
  isConditionTrue,
  kubeconfigConnection,
  resourceKind,
} from '../../operator/framework/index.ts';
import type { Condition, KubernetesObject } from '../../operator/framework/index.ts';
import { CUSTOM_RESOURCE_DEFINITION, WIDGET_CRD } from '../../operator/framework/testing/index.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../cluster/control-plane.ts';

const NAMESPACE = resourceKind('v1', 'Namespace', { namespaced: false });

/** A real API server that knows widgets, with a namespace of this test's own. */
export interface FrameworkCluster {
  readonly controlPlane: ControlPlane;
  readonly api: HttpApi;
  readonly namespace: string;
  close(): Promise<void>;
}

/** Starts (or finds, see `startControlPlane`) an API server and makes it ready for the framework's tests. */
export async function startFrameworkCluster(options?: ControlPlaneOptions): Promise<FrameworkCluster> {
  const controlPlane = await startControlPlane(options);
  const api = new HttpApi(await kubeconfigConnection({ path: controlPlane.kubeconfig }));
  const namespace = `framework-${process.pid}`;
  const close = async (): Promise<void> => {
    await api.delete(NAMESPACE, { name: namespace });
    api.close();
    await controlPlane.stop();
  };
  try {
    await createOnce(api, WIDGET_CRD);
    await established(api);
    await api.create(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
  return { controlPlane, api, namespace, close };
}

async function createOnce(api: HttpApi, crd: KubernetesObject): Promise<void> {
  try {
    await api.create(CUSTOM_RESOURCE_DEFINITION, crd);
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown;
  }
}

async function established(api: HttpApi): Promise<void> {
  const fieldSelector = `metadata.name=${WIDGET_CRD.metadata.name}`;
  const { items, resourceVersion } = await api.list(CUSTOM_RESOURCE_DEFINITION, { fieldSelector });
  if (items.some(isEstablished)) return;
  const events = api.watch(CUSTOM_RESOURCE_DEFINITION, { fieldSelector, resourceVersion, timeoutSeconds: 30 });
  for await (const { object } of events) if ('metadata' in object && isEstablished(object)) return;
  throw new Error('the CRD of widgets was not established within 30 s');
}

function isEstablished(crd: KubernetesObject): boolean {
  const status = crd.status as { readonly conditions?: readonly Condition[] } | undefined;
  return isConditionTrue(status?.conditions, 'Established');
}
