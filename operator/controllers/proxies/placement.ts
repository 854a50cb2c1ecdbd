import { formatSpiffeId, type Locality, type MeshSettings, type SpiffeId } from '@dot-kube/proxy/model';
import type { Pod } from '../../api/index.ts';
import { classKeyOf, isAlive, isMeshed, serviceAccountOf } from '../../build/pod-class.ts';
import { layers } from '../mesh/entry.ts';

/** What a pod's proxy sees, and who it is. */
export interface Placement {
  /** `namespace/pod`. */
  readonly proxyId: string;
  readonly identity: SpiffeId;
  /** Least specific first. */
  readonly layers: readonly string[];
}

/** The placement of a pod's proxy; undefined for a pod that is not of the mesh, or no longer. Pure. */
export function placementOf(
  pod: Pod,
  settings: Pick<MeshSettings, 'trustDomain'>,
  locality: Locality | undefined,
): Placement | undefined {
  if (!isMeshed(pod) || !isAlive(pod)) return undefined;
  const { namespace = '', name } = pod.metadata;
  const identity = { trustDomain: settings.trustDomain, namespace, serviceAccount: serviceAccountOf(pod) };
  const proxyId = `${namespace}/${name}`;
  return {
    proxyId,
    identity,
    layers: [
      layers.mesh,
      ...(locality === undefined ? [] : [layers.zone(locality.region, locality.zone)]),
      layers.class(classKeyOf(pod)),
      layers.identity(formatSpiffeId(identity)),
      layers.proxy(proxyId),
    ],
  };
}

/** Whether a pod should have a connected proxy: it is of the mesh and its containers run. Pure. */
export function hasRunningProxy(pod: Pod): boolean {
  return isMeshed(pod) && pod.status?.phase === 'Running' && pod.metadata.deletionTimestamp === undefined;
}
