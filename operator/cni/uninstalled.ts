import { NAMESPACE } from '../api/index.ts';
import { type Api, ApiError, type KubernetesObject, resourceKind } from '../framework/index.ts';

const DAEMON_SET = resourceKind('apps/v1', 'DaemonSet');

/**
 * Whether the agent goes for good: its DaemonSet or its namespace is gone or is being deleted, or its own account may not even ask any
 * more, as that is deleted with them. When the API server does not answer it stays: pods that start unmeshed would be worse than pods
 * that wait.
 */
export async function isUninstalled(
  api: Api,
  daemonSet: { readonly namespace: string; readonly name: string },
): Promise<boolean> {
  const signal = AbortSignal.timeout(5000);
  // Of a namespace that is deleted pods go first, and the DaemonSet is as if nothing was.
  const asked = await Promise.all([
    isGoing(api.get(DAEMON_SET, daemonSet, { signal })),
    isGoing(api.get(NAMESPACE, { name: daemonSet.namespace }, { signal })),
  ]);
  return asked.includes(true);
}

async function isGoing(asked: Promise<KubernetesObject>): Promise<boolean> {
  try {
    return (await asked).metadata.deletionTimestamp !== undefined;
  } catch (error) {
    return error instanceof ApiError && [401, 403, 404].includes(error.code);
  }
}
