import { formatSpiffeId } from '@dot-kube/proxy/model';
import type { Pod } from '../../api/index.ts';
import { classKeyOf, isAlive, isMeshed, MESH, serviceAccountOf, settings } from '../../build/index.ts';
import { classServices } from '../../build/class-services.ts';
import { keyOfObject } from '../../framework/api/object.ts';
import type { DerivedGraph } from '../../framework/derive/index.ts';
import { appliedPolicies } from './applied.ts';
import { concerningClass } from './concerning.ts';
import type { PodDescription } from './description.ts';
import { inboundDescriptions } from './inbound.ts';

/** What applies to a pod of the graph. */
export function describePod(graph: DerivedGraph, pod: Pod): PodDescription {
  const { trustDomain } = graph.peek(settings, MESH);
  const namespace = pod.metadata.namespace ?? '';
  const key = classKeyOf(pod);
  const services = graph.peek(classServices, key);
  return {
    kind: 'Pod',
    name: keyOfObject(pod),
    meshed: isMeshed(pod) && isAlive(pod),
    identity: formatSpiffeId({ trustDomain, namespace, serviceAccount: serviceAccountOf(pod) }),
    services: services.map(({ ref }) => `${ref.namespace}/${ref.name}`),
    inbound: inboundDescriptions(graph, key),
    policies: appliedPolicies(graph, graph.peek(concerningClass, key)),
  };
}
