import type { KubernetesObject } from '../../../../operator/framework/index.ts';
import { policy, type ShopService } from '../../harness/shop-objects.ts';

/** The pods behind all of them: what one workload takes in is one resource, which is in force as a whole or not at all. */
export const SHELF: ShopService['selector'] = { app: 'shelf' };

/** Services that are as they should be. */
export function goodServices(count: number): readonly ShopService[] {
  return Array.from({ length: count }, (_, index) => ({ name: `good-${index}`, selector: SHELF }));
}

/** A policy of each of our kinds for each of them; another `version` is another content. */
export function goodPolicies(services: readonly ShopService[], version: number): readonly KubernetesObject[] {
  return services.flatMap(({ name }) => {
    const targetRefs = [{ kind: 'Service', name }];
    return [
      policy('TrafficSplit', name, {
        service: name,
        backends: [
          { name: 'all', labels: SHELF, weight: 1 + version },
          { name: 'same', labels: SHELF, weight: 1 },
        ],
      }),
      policy('MeshPolicy', name, { targetRefs, timeouts: { request: `${20 + version}s` } }),
      policy('AuthorizationPolicy', name, {
        targetRefs,
        action: 'Deny',
        rules: [{ to: [{ paths: [`/secret-of-${name}-${version}`] }] }],
      }),
    ];
  });
}
