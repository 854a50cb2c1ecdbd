import { CALLERS, CALLER_LABEL, callerObjects } from '../../scenarios/callers.ts';
import { manifests, NAMESPACE } from '../../scenarios/bookstore.ts';
import type { ScenarioObject } from '../../scenarios/scenario-driver.ts';
import { describePods, type E2eCluster, isReady, type PodObject } from './cluster.ts';

/** Deployments of the store that the smoke test leaves out. */
const NOT_FOR_SMOKE = /^(inventory|ledger|reviews|shopper|storefront)/;

/** The image that the example's manifests name. */
const WRITTEN_IMAGE = /dot-kube\/bookstore:[\w.-]+/g;

/** Deploys the bookstore as its manifests have it, and the callers of the scenarios; returns when all pods are ready. */
export async function deployStore(cluster: E2eCluster, size: 'all' | 'smoke' = 'all'): Promise<readonly PodObject[]> {
  const image = cluster.imageName('bookstore');
  const store = (await manifests()).filter(
    ({ kind, metadata }) => size === 'all' || kind !== 'Deployment' || !NOT_FOR_SMOKE.test(metadata.name),
  );
  const callers = await callerObjects({ namespace: NAMESPACE, resolve: 'dns', image });
  const objects = [...store, ...callers].map(
    (object) => JSON.parse(JSON.stringify(object).replaceAll(WRITTEN_IMAGE, image)) as ScenarioObject,
  );
  // Pods need their namespace, and Services before pods are no promise of a cluster.
  const rank = ({ kind }: ScenarioObject): number => ['Namespace', 'ServiceAccount', 'Service'].indexOf(kind);
  const order = (object: ScenarioObject): number => (rank(object) === -1 ? 3 : rank(object));
  await cluster.apply(objects.toSorted((a, b) => order(a) - order(b)));
  const wanted = objects.flatMap((object) => (object.kind === 'Deployment' ? [replicasOf(object)] : []));
  return await untilReady(
    cluster,
    NAMESPACE,
    wanted.reduce((sum, count) => sum + count, 0),
  );
}

/** Waits until a namespace has so many pods, all ready. */
export async function untilReady(
  cluster: E2eCluster,
  namespace: string,
  count: number,
  selector = '',
): Promise<readonly PodObject[]> {
  let last: readonly PodObject[] = [];
  return await cluster.eventually(
    `${count} pods of ${namespace} are ready`,
    180,
    async () => {
      last = await cluster.pods(namespace, selector);
      return last.length === count && last.every(isReady) ? last : undefined;
    },
    () => describePods(last),
  );
}

/** The pods of callers, by who they are. */
export function callerPods(pods: readonly PodObject[]): ReadonlyMap<string, PodObject> {
  return new Map(
    CALLERS.flatMap((caller) => {
      const pod = pods.find(({ metadata }) => metadata.labels?.[CALLER_LABEL] === caller);
      return pod === undefined ? [] : [[caller, pod] as const];
    }),
  );
}

function replicasOf(object: ScenarioObject): number {
  return (object['spec'] as { readonly replicas?: number }).replicas ?? 1;
}
