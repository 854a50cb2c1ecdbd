import type { MeshSettings } from '@dot-kube/proxy/model';
import { COLLECTIONS, MESH, SETTINGS } from '../../build/index.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { type Collection, DerivedGraph, type ObjectChange } from '../../framework/derive/index.ts';

/** A graph of objects, from which everything that the operator derives can be asked. Objects of other kinds are left out. */
export function graphOf(objects: readonly KubernetesObject[], settings: MeshSettings): DerivedGraph {
  const collections = COLLECTIONS as readonly Collection<KubernetesObject>[];
  const changes = objects.flatMap((object): readonly ObjectChange[] => {
    const collection = collections.find(({ name }) => name === object.kind && name !== SETTINGS.name);
    return collection === undefined ? [] : [{ collection, key: collection.keyOf(object), object }];
  });
  const graph = new DerivedGraph(COLLECTIONS);
  graph.update([{ collection: SETTINGS, key: MESH, object: settings }, ...changes]);
  return graph;
}
