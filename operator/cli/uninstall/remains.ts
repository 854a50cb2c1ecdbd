import { AUTHORIZATION_POLICY, MESH_POLICY, NAMESPACE, POD, TRAFFIC_SPLIT } from '../../api/index.ts';
import { ApiError, isNotFound } from '../../framework/api/api-error.ts';
import type { Api } from '../../framework/api/api.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { ResourceKind } from '../../framework/api/resource-kind.ts';
import { LEASE } from '../../framework/manager/lease.ts';
import {
  CA_SECRET,
  CONFIG_MAP,
  CRD,
  NETWORK_POLICY,
  OPERATOR,
  PART_OF,
  SECRET,
  SYSTEM,
} from '../cluster/system-names.ts';
import { type Found, systemObjects } from '../install/leftovers.ts';

/** The ConfigMap in every namespace with meshed pods. */
const PROXY_FILES = 'dot-kube-proxy';
const INJECTED = 'mesh.dot-kube.io/status=injected';

/** All that there is of dot-kube in a cluster. */
export interface Remains {
  /** With the label of the system: cluster-wide, and in its namespace. */
  readonly system: readonly Found[];
  /** What the operator has made: ConfigMaps and NetworkPolicies in namespaces of users, Leases and the root of the mesh. */
  readonly generated: readonly Found[];
  readonly namespace: KubernetesObject | undefined;
  readonly definitions: readonly KubernetesObject[];
  /** Pods that have proxies and are not ending. */
  readonly injected: readonly KubernetesObject[];
  /** Policies of users. */
  readonly policies: readonly KubernetesObject[];
}

/** Looks for all of it. */
export async function findRemains(api: Api, signal?: AbortSignal): Promise<Remains> {
  const list = (kind: ResourceKind, options: object = {}) =>
    listed(api, kind, { ...options, ...(signal && { signal }) });
  const label = { labelSelector: `${PART_OF.key}=${PART_OF.value}` };
  const [system, maps, networkPolicies, leases, secrets, namespace, definitions, pods, ...policies] = await Promise.all(
    [
      systemObjects(api, signal),
      list(CONFIG_MAP, { fieldSelector: `metadata.name=${PROXY_FILES}` }),
      list(NETWORK_POLICY),
      list(LEASE, { namespace: SYSTEM }),
      Promise.all([CA_SECRET, `${CA_SECRET}-state`].map((name) => one(api, SECRET, { namespace: SYSTEM, name }))),
      one(api, NAMESPACE, { name: SYSTEM }),
      list(CRD, label),
      list(POD, { labelSelector: INJECTED }),
      ...[MESH_POLICY, TRAFFIC_SPLIT, AUTHORIZATION_POLICY].map((kind) => list(kind as ResourceKind)),
    ],
  );
  const of = (kind: ResourceKind, objects: readonly KubernetesObject[]): readonly Found[] =>
    objects.map((object) => ({ kind, object }));
  return {
    system,
    generated: [
      ...of(CONFIG_MAP, maps.filter(isGenerated)),
      ...of(NETWORK_POLICY, networkPolicies.filter(isGenerated)),
      ...of(
        LEASE,
        leases.filter(({ metadata }) => metadata.name.startsWith('dot-kube-')),
      ),
      ...of(
        SECRET,
        secrets.filter((secret) => secret !== undefined),
      ),
    ],
    namespace,
    definitions,
    injected: pods.filter(isRunning),
    policies: policies.flat(),
  };
}

/** Whether the operator has made the object, as its label or its field manager says. */
function isGenerated({ metadata }: KubernetesObject): boolean {
  if (metadata.labels?.['app.kubernetes.io/managed-by'] === OPERATOR) return true;
  return (metadata.managedFields ?? []).some(({ manager, operation }) => manager === OPERATOR && operation === 'Apply');
}

/** A pod that is ending lives without its control plane for as long as it has left. */
function isRunning({ metadata, status }: KubernetesObject): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const phase = (status as { readonly phase?: string } | undefined)?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed';
}

async function listed(api: Api, kind: ResourceKind, options: object): Promise<readonly KubernetesObject[]> {
  try {
    return (await api.list(kind, options)).items;
  } catch (thrown) {
    if (isNotFound(ApiError.from(thrown))) return [];
    throw thrown;
  }
}

async function one(
  api: Api,
  kind: ResourceKind,
  ref: { readonly namespace?: string; readonly name: string },
): Promise<KubernetesObject | undefined> {
  try {
    return await api.get(kind, ref);
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}
