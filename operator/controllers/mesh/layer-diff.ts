import { type LayerUpdate, placeKey, type ResourceRef } from '@dot-kube/proxy/xds';
import { entryOf, type Placed } from './entry.ts';

/** What became of one derivation's resources. */
export interface PlacedDiff {
  readonly upserted: readonly Placed[];
  readonly removed: readonly Placed[];
}

/** What to write and what to take away when a derivation's value goes from `previous` to `current`. */
export function diffPlaced(previous: readonly Placed[], current: readonly Placed[]): PlacedDiff {
  const before = new Map(previous.map((placed) => [placeKey(entryOf(placed)), placed]));
  const upserted: Placed[] = [];
  for (const placed of current) {
    const key = placeKey(entryOf(placed));
    const old = before.get(key);
    before.delete(key);
    if (old === undefined || old.resource.version !== placed.resource.version || !sameCauses(old, placed))
      upserted.push(placed);
  }
  return { upserted, removed: [...before.values()] };
}

/** The diffs of a batch as the cache takes them. What one derivation removes and another upserts stays. */
export function layerUpdates(diffs: readonly PlacedDiff[]): readonly LayerUpdate[] {
  const byLayer = new Map<string, { upsert: Placed['resource'][]; remove: Map<string, ResourceRef> }>();
  const of = (layer: string): { upsert: Placed['resource'][]; remove: Map<string, ResourceRef> } => {
    const known = byLayer.get(layer) ?? { upsert: [], remove: new Map<string, ResourceRef>() };
    byLayer.set(layer, known);
    return known;
  };
  for (const diff of diffs)
    for (const placed of diff.removed) of(placed.layer).remove.set(placeKey(entryOf(placed)), placed.resource);
  for (const diff of diffs) {
    for (const placed of diff.upserted) {
      const update = of(placed.layer);
      update.upsert.push(placed.resource);
      update.remove.delete(placeKey(entryOf(placed)));
    }
  }
  return [...byLayer].map(([layer, { upsert, remove }]) => ({
    layer,
    upsert,
    remove: [...remove.values()].map(({ type, name }) => ({ type, name })),
  }));
}

function sameCauses(a: Placed, b: Placed): boolean {
  const [left, right] = [a.resource.causes, b.resource.causes];
  return left.length === right.length && left.every((cause, index) => cause === right[index]);
}
