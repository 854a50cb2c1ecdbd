import type { KubernetesObject } from '../../../../operator/framework/index.ts';
import { type MeshPod, type ProxyProcess, startProxy } from '../../../integration/harness/index.ts';
import type { FaultMesh } from '../../harness/fault-mesh.ts';
import { policy, SHOP } from '../../harness/shop-objects.ts';

/** The policies of the mesh as it starts. */
const CALLERS = policy('AuthorizationPolicy', 'callers', allow());
const STRICT = policy('MeshPolicy', 'shop', { mtls: { mode: 'Strict' }, retries: { attempts: 0 } });

/** Each of these alone refuses everybody but `caller`, and each is there before the one before it goes. */
const AUTHORIZATIONS: readonly KubernetesObject[] = [
  policy('AuthorizationPolicy', 'all-others', {
    action: 'Deny',
    rules: [{ from: [{ notServiceAccounts: ['caller'] }] }],
  }),
  policy('AuthorizationPolicy', 'of-pods', { ...allow(), selector: { matchLabels: { app: 'catalog' } } }),
  policy('AuthorizationPolicy', 'of-a-service', {
    ...allow(),
    targetRefs: [{ kind: 'Service', name: 'catalog' }],
  }),
  policy('AuthorizationPolicy', 'of-requests', {
    action: 'Deny',
    rules: [{ from: [{ notServiceAccounts: ['caller'] }], to: [{ paths: ['/*'] }] }],
  }),
  CALLERS,
];

/** And each of these wants mutual TLS. */
const MODES: readonly KubernetesObject[] = [
  policy('MeshPolicy', 'of-pods', { mtls: { mode: 'Strict' }, selector: { matchLabels: { app: 'catalog' } } }),
  STRICT,
];

function allow(): { readonly action: string; readonly rules: readonly unknown[] } {
  return { action: 'Allow', rules: [{ from: [{ serviceAccounts: ['caller'] }] }] };
}

/** Replaces the policies one after the other, as `kubectl apply` and then `kubectl delete` do. */
export async function replacePolicies(mesh: FaultMesh): Promise<number> {
  let changes = 0;
  for (const list of [AUTHORIZATIONS, MODES]) {
    for (const [index, next] of list.entries()) {
      const before = list.at(index - 1);
      await mesh.cluster.apply(next);
      if (before !== undefined) await mesh.cluster.delete(before);
      changes += 2;
    }
  }
  return changes;
}

/** A namespace that refuses everybody, and lets one in by a policy of its own. */
export async function defaultDeny(mesh: FaultMesh): Promise<number> {
  const nobody = policy('AuthorizationPolicy', 'nobody', { action: 'Allow' });
  await mesh.cluster.apply(nobody);
  await mesh.cluster.delete(CALLERS);
  await mesh.cluster.apply(CALLERS);
  await mesh.cluster.delete(nobody);
  return 4;
}

/** Other labels, so that its proxy is to hold another class's configuration. */
export async function changeClass(mesh: FaultMesh, pod: MeshPod, round: number): Promise<void> {
  await mesh.cluster.pod({
    namespace: SHOP,
    name: pod.name,
    app: 'catalog',
    ip: pod.ip,
    labels: { round: String(round) },
    ports: [
      { name: 'http', containerPort: 8080 },
      { name: 'h2c', containerPort: 8081 },
    ],
  });
}

/** Kills the proxy of a pod whose application goes on, and starts another in its place. */
export async function restartProxy(
  mesh: FaultMesh,
  pod: MeshPod,
  proxy: ProxyProcess,
  rootsPem: string,
): Promise<ProxyProcess> {
  await proxy.stop();
  const token = await mesh.cluster.token({ namespace: SHOP, name: pod.name, app: 'catalog' });
  return startProxy({
    controlPlanes: [mesh.controlPlane],
    rootsPem,
    token,
    proxyId: `${pod.name}.${SHOP}`,
    networkOf: pod.application.holderPid,
    timeoutMilliseconds: 40_000,
  });
}
