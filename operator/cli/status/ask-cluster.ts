import { AUTHORIZATION_POLICY, MESH_POLICY, TRAFFIC_SPLIT } from '../../api/index.ts';
import { ApiError } from '../../framework/api/api-error.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { objectStatuses, type StatusReport } from '../../local/status/status-report.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { askReplicas } from '../proxy-status/ask-replicas.ts';
import { notesOn } from '../proxy-status/notes.ts';

/** What a cluster tells: of objects its API server, of proxies the replicas of the operator, where they can be asked. */
export async function askCluster(cluster: Cluster): Promise<StatusReport> {
  const { api } = cluster;
  const lists = await Promise.all([api.list(MESH_POLICY), api.list(TRAFFIC_SPLIT), api.list(AUTHORIZATION_POLICY)]);
  const objects = objectStatuses(lists.flatMap(({ items }): readonly KubernetesObject[] => items));
  return { objects, ...(await proxiesOf(cluster)) };
}

/** Objects are told of to whoever may read them, whatever else they may not. */
async function proxiesOf(cluster: Cluster): Promise<Pick<StatusReport, 'proxies' | 'notes'>> {
  try {
    const answers = await askReplicas(cluster);
    const notes = notesOn(answers);
    return { ...(answers.answered.length > 0 && { proxies: answers.proxies }), ...(notes.length > 0 && { notes }) };
  } catch (thrown) {
    return { notes: [`nothing is known of proxies: ${ApiError.from(thrown).message}`] };
  }
}
