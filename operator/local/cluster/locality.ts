import type { Node, Pod } from '../../api/core.ts';

/** The well-known label of a zone, here read from the labels of pods as there is only one machine. */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';
/** The well-known label of a region. */
export const REGION_LABEL = 'topology.kubernetes.io/region';

type Labels = Readonly<Record<string, string>>;

/** The node that pods with these labels pretend to be on: one for each zone. */
export function nodeNameOf(labels: Labels | undefined): string {
  return ['local', labels?.[REGION_LABEL], labels?.[ZONE_LABEL]].filter((part) => part !== undefined).join('.');
}

/** The nodes that the pods pretend to be on, and the machine's own; sorted. */
export function nodesFor(pods: readonly Pod[]): readonly Node[] {
  const nodes = new Map<string, Labels>([['local', {}]]);
  for (const { metadata } of pods) nodes.set(nodeNameOf(metadata.labels), topologyOf(metadata.labels));
  return [...nodes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, labels]) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } }));
}

function topologyOf(labels: Labels | undefined): Labels {
  return Object.fromEntries(
    [ZONE_LABEL, REGION_LABEL].flatMap((key) => {
      const value = labels?.[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
