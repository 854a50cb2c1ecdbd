import { type Api, ApiError, resourceKind } from '../framework/index.ts';

const DAEMON_SET = resourceKind('apps/v1', 'DaemonSet');

/**
 * Whether the agent goes for good: its DaemonSet is gone or is being deleted, or its own account may not even ask any more, as
 * that is deleted with it. When the API server does not answer it stays: pods that start unmeshed would be worse than pods that wait.
 */
export async function isUninstalled(
  api: Api,
  daemonSet: { readonly namespace: string; readonly name: string },
): Promise<boolean> {
  try {
    const { metadata } = await api.get(DAEMON_SET, daemonSet, { signal: AbortSignal.timeout(5000) });
    return metadata.deletionTimestamp !== undefined;
  } catch (error) {
    return error instanceof ApiError && [401, 403, 404].includes(error.code);
  }
}
