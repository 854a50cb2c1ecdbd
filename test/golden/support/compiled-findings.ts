import { type SourceRef, sourceKey } from '@dot-kube/proxy/model';
import { COLLECTIONS, policyFindings, serviceFindings } from '../../../operator/build/index.ts';
import type { Finding } from '../../../operator/findings/index.ts';
import { keyOfObject, type KubernetesObject } from '../../../operator/framework/api/object.ts';
import { DerivedGraph } from '../../../operator/framework/derive/index.ts';

/** What the compiler finds in a set of objects, of each object that has findings: those of our kinds, and Services. */
export function compiledFindings(objects: readonly KubernetesObject[]): readonly Finding[] {
  const graph = new DerivedGraph(COLLECTIONS);
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
