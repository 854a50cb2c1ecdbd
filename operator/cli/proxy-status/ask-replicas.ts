import { POD } from '../../api/index.ts';
import { mergedProxies, PROXIES_PATH, type ReplicaProxies } from '../../controllers/proxies/proxies-endpoint.ts';
import type { ProxySync } from '../../controllers/proxies/proxy-sync.ts';
import { ApiError } from '../../framework/api/api-error.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { getText } from '../cluster/http-over.ts';
import { portForward } from '../cluster/port-forward.ts';
import { OPERATOR_PODS, OPERATOR_PORTS, SYSTEM } from '../cluster/system-names.ts';

/** What the replicas of the operator say of proxies. */
export interface ProxyAnswers {
  readonly proxies: readonly ProxySync[];
  /** Pods of the operator that have answered. */
  readonly answered: readonly string[];
  /** Those that have not: what they know of is missing. */
  readonly silent: readonly { readonly pod: string; readonly why: string }[];
}

/** Asks every replica that runs, each over a connection of its own through the API server. */
export async function askReplicas(cluster: Cluster): Promise<ProxyAnswers> {
  const { items } = await cluster.api.list(POD, { namespace: SYSTEM, labelSelector: OPERATOR_PODS });
  const names = items.filter(runs).map(({ metadata }) => metadata.name);
  const all = await Promise.all(names.sort().map(async (pod) => ({ pod, answer: await askOne(cluster, pod) })));
  const answers = all.flatMap(({ answer }) => ('why' in answer ? [] : [answer]));
  return {
    proxies: mergedProxies(answers),
    answered: all.flatMap(({ answer, pod }) => ('why' in answer ? [] : [pod])),
    silent: all.flatMap(({ answer, pod }) => ('why' in answer ? [{ pod, why: answer.why }] : [])),
  };
}

async function askOne({ connection }: Cluster, pod: string): Promise<ReplicaProxies | { readonly why: string }> {
  try {
    const stream = await portForward(connection, { namespace: SYSTEM, name: pod }, OPERATOR_PORTS.health);
    return JSON.parse(await getText({ stream }, PROXIES_PATH)) as ReplicaProxies;
  } catch (thrown) {
    return { why: ApiError.from(thrown).message };
  }
}

function runs({ metadata, status }: KubernetesObject): boolean {
  return (
    metadata.deletionTimestamp === undefined && (status as { readonly phase?: string } | undefined)?.phase === 'Running'
  );
}
