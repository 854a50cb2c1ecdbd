import type { MeshPod } from '../../integration/harness/index.ts';

/** Counters of a proxy by name. */
export type Counters = ReadonlyMap<string, number>;

/** What counts when something that a proxy has is made anew or taken away: what is added is for those who ask for it. */
export const TOUCHED: readonly string[] = [
  'cluster_manager.cluster_modified',
  'cluster_manager.cluster_removed',
  'cluster_manager.cluster_updated',
  'listener_manager.listener_in_place_updated',
  'listener_manager.listener_modified',
  'listener_manager.listener_removed',
];

/** Reads all counters whose names fit a regular expression of Envoy's. */
export async function countersOf(pod: MeshPod, filter: string): Promise<Counters> {
  const lines = (await pod.proxy.admin(`/stats?filter=${encodeURIComponent(filter)}`)).split('\n');
  const read = lines.flatMap((line) => {
    const [, name, value] = /^(.+): (\d+)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, Number(value)] as const];
  });
  return new Map(read);
}

/** The counters of these names, of several proxies, that have changed: "catalog-0: cluster_manager.cluster_removed +1". */
export function changesOf(
  before: ReadonlyMap<MeshPod, Counters>,
  after: ReadonlyMap<MeshPod, Counters>,
  names: (name: string) => boolean,
): readonly string[] {
  return [...after].flatMap(([pod, counters]) =>
    [...counters].flatMap(([name, value]) => {
      const more = value - (before.get(pod)?.get(name) ?? 0);
      return names(name) && more !== 0 ? [`${pod.name}: ${name} +${more}`] : [];
    }),
  );
}

/** The counters of several proxies. */
export async function countersOfAll(pods: readonly MeshPod[], filter: string): Promise<ReadonlyMap<MeshPod, Counters>> {
  return new Map(await Promise.all(pods.map(async (pod) => [pod, await countersOf(pod, filter)] as const)));
}
