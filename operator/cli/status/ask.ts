import { resolve } from 'node:path';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { askLocal, NotRunningError } from '../../local/status/local-client.ts';
import { findRun, readRecord } from '../../local/run/run-directory.ts';
import { objectStatuses, type StatusReport } from '../../local/status/status-report.ts';

/** Whom to ask. */
export interface StatusQuestion {
  readonly runDirectory: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly workingDirectory: string;
}

/** Asks the mesh of this folder, or a cluster. Throws NotRunningError when there is no mesh here. */
export async function askForStatus(question: StatusQuestion): Promise<StatusReport> {
  const { context, kubeconfig, runDirectory, workingDirectory } = question;
  if (kubeconfig !== undefined || context !== undefined) return await askCluster(kubeconfig, context);
  const run =
    runDirectory === undefined
      ? await findRun(workingDirectory)
      : await readRecord(resolve(workingDirectory, runDirectory));
  if (run === undefined)
    throw new NotRunningError(
      'no dotkube up is running in this folder or around it; name its --run-dir, or a cluster with --kubeconfig',
    );
  return await askLocal<StatusReport>(run.socket, '/v1/status');
}

async function askCluster(path: string | undefined, context: string | undefined): Promise<StatusReport> {
  const { HttpApi, kubeconfigConnection } = await import('../../framework/client/index.ts');
  const { AUTHORIZATION_POLICY, MESH_POLICY, TRAFFIC_SPLIT } = await import('../../api/index.ts');
  const connection = await kubeconfigConnection({
    ...(path === undefined ? {} : { path }),
    ...(context === undefined ? {} : { context }),
  });
  const api = new HttpApi(connection, { userAgent: 'dotkube' });
  try {
    const lists = await Promise.all([api.list(MESH_POLICY), api.list(TRAFFIC_SPLIT), api.list(AUTHORIZATION_POLICY)]);
    return { objects: objectStatuses(lists.flatMap(({ items }): readonly KubernetesObject[] => items)) };
  } finally {
    api.close();
  }
}
