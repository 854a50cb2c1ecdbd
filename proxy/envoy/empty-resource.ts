import { emptyCluster } from './cluster.ts';
import { ClusterLoadAssignmentSchema, ClusterSchema, RouteConfigurationSchema } from './proto/index.ts';
import { type EnvoyResource, resource, TYPE } from './resource.ts';

/**
 * The answer to a question for what does not exist: something that is there and has nothing in it, so that the request fails at
 * once (routes: 404, clusters: 503) where a refusal would let it hang. `undefined` for types that nobody waits for.
 */
export function emptyResource(type: string, name: string): EnvoyResource | undefined {
  switch (type) {
    case TYPE.route:
      return resource(RouteConfigurationSchema, name, { name });
    case TYPE.cluster:
      return resource(ClusterSchema, name, emptyCluster(name));
    case TYPE.endpoints:
      return resource(ClusterLoadAssignmentSchema, name, { clusterName: name });
    default:
      return undefined;
  }
}
