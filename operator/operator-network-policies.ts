import type { SourceRef } from '@dot-kube/proxy/model';
import { isAlive, isMeshed, namespaceNetworkPolicies } from './build/index.ts';
import { NetworkPolicyController } from './controllers/network-policies/network-policy-controller.ts';
import { FIELD_MANAGER } from './controllers/status/status-reconciler.ts';
import type { KubernetesObject, Runnable } from './framework/index.ts';
import type { OperatorParts } from './operator-parts.ts';

/** What is generated for the network below the mesh. */
export function networkPolicyRunnables({ graph, informers, mesh, options }: OperatorParts): readonly Runnable[] {
  const { api, clock, log: logger, metrics } = options;
  const objectOf = ({ kind, namespace, name }: SourceRef): KubernetesObject | undefined => {
    if (kind === 'MeshPolicy') return informers.meshPolicies.store.get({ namespace, name });
    return informers.authorizationPolicies.store.get({ namespace, name });
  };
  const controller = new NetworkPolicyController({
    api,
    generated: (namespace) => graph.graph.peek(namespaceNetworkPolicies, namespace),
    namespaces: () => {
      const pods = informers.pods.store.list().filter((pod) => isMeshed(pod) && isAlive(pod));
      return new Set(pods.map(({ metadata }) => metadata.namespace ?? ''));
    },
    objectOf,
    fieldManager: FIELD_MANAGER,
    clock,
    logger,
    metrics,
  });
  mesh.subscribe({
    verdict: ({ derivation, key }) => {
      if (derivation.name === namespaceNetworkPolicies.name) controller.touch(key);
    },
  });
  return controller.runnables;
}
