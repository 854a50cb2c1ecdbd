import type { MeshSettings } from '@dot-kube/proxy/model';
import { AUTHORIZATION_POLICY, MESH_POLICY, POD, SERVICE, TRAFFIC_SPLIT } from '../../api/index.ts';
import { MESH_NAMESPACE } from '../../build/index.ts';
import { ApiError } from '../../framework/api/api-error.ts';
import { fieldOf } from '../../framework/api/json.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { ResourceKind } from '../../framework/api/resource-kind.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { operatorDeployment } from '../install/installed-version.ts';
import { listAt } from '../proxy-config/dump.ts';

/** What can have a say about an object of a namespace: what is there, and the policies of the mesh. */
export async function objectsAround({ api }: Cluster, namespace: string): Promise<readonly KubernetesObject[]> {
  const inside: readonly ResourceKind[] = [POD, SERVICE, MESH_POLICY, TRAFFIC_SPLIT, AUTHORIZATION_POLICY];
  const wide: readonly ResourceKind[] = namespace === MESH_NAMESPACE ? [] : [MESH_POLICY, AUTHORIZATION_POLICY];
  const lists = await Promise.all([
    ...inside.map((kind) => api.list(kind, { namespace })),
    ...wide.map((kind) => api.list(kind, { namespace: MESH_NAMESPACE })),
  ]);
  return lists.flatMap(({ items }) => items);
}

const DEFAULTS: MeshSettings = { trustDomain: 'cluster.local', clusterDomain: 'cluster.local', serviceCidrs: [] };

/** What the operator was started with; the defaults where that cannot be seen. */
export async function meshSettings({ api }: Cluster): Promise<MeshSettings> {
  try {
    const deployment = await operatorDeployment(api);
    const spec = fieldOf(fieldOf(fieldOf(deployment, 'spec'), 'template'), 'spec');
    const args = listAt(spec, 'containers')
      .flatMap((container) => listAt(container, 'args'))
      .map(String);
    const flag = (name: string): string | undefined =>
      args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
    return {
      ...DEFAULTS,
      trustDomain: flag('trust-domain') ?? DEFAULTS.trustDomain,
      clusterDomain: flag('cluster-domain') ?? DEFAULTS.clusterDomain,
    };
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.code === 403) return DEFAULTS;
    throw thrown;
  }
}
