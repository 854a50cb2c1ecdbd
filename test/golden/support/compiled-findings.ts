import { type MeshSettings, type SourceRef, sourceKey } from '@dot-kube/proxy/model';
import { COLLECTIONS, MESH, policyFindings, serviceFindings, SETTINGS } from '../../../operator/build/index.ts';
import type { Finding } from '../../../operator/findings/index.ts';
import { keyOfObject, type KubernetesObject } from '../../../operator/framework/api/object.ts';
import { DerivedGraph } from '../../../operator/framework/derive/index.ts';
import { DEFAULT_INJECTION } from '../../../operator/webhooks/injection/settings.ts';

/** What an installation says that leaves all values as they are. */
const INSTALLED: MeshSettings = {
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
  serviceCidrs: ['10.96.0.0/12'],
  families: DEFAULT_INJECTION.families,
};

/** What the compiler finds in a set of objects, of each object that has findings: those of our kinds, and Services. */
export function compiledFindings(objects: readonly KubernetesObject[]): readonly Finding[] {
  const graph = new DerivedGraph(COLLECTIONS);
  graph.update([{ collection: SETTINGS, key: MESH, object: INSTALLED }]);
  graph.update(
    objects.flatMap((object) =>
      COLLECTIONS.filter(({ name }) => name === object.kind).map((collection) => ({
        collection,
        key: keyOfObject(object),
        object,
      })),
    ),
  );
  return objects.flatMap((object) =>
    object.kind === 'Service'
      ? graph.peek(serviceFindings, keyOfObject(object))
      : graph.peek(policyFindings, sourceKey(refOf(object))),
  );
}

function refOf({ kind, metadata }: KubernetesObject): SourceRef {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name };
}
