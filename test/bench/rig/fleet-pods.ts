import type { FleetProxy } from '../fleet/fleet-messages.ts';
import { type BenchCluster, BENCH_NAMESPACE } from './bench-cluster.ts';
import type { Say } from './say.ts';

/** Workloads that the pods are of: each has a class and an identity of its own. */
const WORKLOADS = 20;
const AT_ONCE = 16;
const TELL_MS = 5000;

/** Makes running pods of the mesh, each with the token that a kubelet would give it. */
export async function fleetPods(cluster: BenchCluster, count: number, say: Say): Promise<readonly FleetProxy[]> {
  const { mesh } = cluster;
  say(`making ${count} pods and their tokens`);
  const proxies: FleetProxy[] = [];
  let next = 0;
  let told = Date.now();
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const [name, app] = [`proxy-${index}`, `app-${index % WORKLOADS}`];
      const ip = `10.251.${Math.floor(index / 250)}.${(index % 250) + 1}`;
      const pod = { namespace: BENCH_NAMESPACE, name, app, ip };
      await mesh.pod(pod);
      proxies[index] = { nodeId: `${BENCH_NAMESPACE}/${name}`, token: await mesh.token(pod) };
      if (Date.now() - told < TELL_MS) continue;
      told = Date.now();
      say(`  pod ${index} of ${count}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return proxies;
}
