import { fromBinary } from '@bufbuild/protobuf';
import { ClusterSchema } from '../../../proxy/envoy/proto/generated/envoy/config/cluster/v3/cluster_pb.js';
import { ScopedRouteConfigurationSchema } from '../../../proxy/envoy/proto/generated/envoy/config/route/v3/scoped_route_pb.js';
import { type TypeUrl, typeUrls } from '../../../proxy/xds/type-url.ts';
import type { DeltaResource } from './delta-message.ts';

/** What a proxy asks for because of a resource. */
export interface Need {
  readonly type: TypeUrl;
  readonly name: string;
}

/**
 * What resources make a proxy ask for: a cluster its endpoints, a scope its routes. Remembered by the version, which is a hash of the
 * content, so that a thousand clients decode what they all get once.
 */
export class Needs {
  readonly #known = new Map<string, Need | undefined>();

  of(type: TypeUrl, { name, version, message }: DeltaResource): Need | undefined {
    const key = `${type} ${name} ${version}`;
    if (this.#known.has(key)) return this.#known.get(key);
    const need = needOf(type, name, message);
    this.#known.set(key, need);
    return need;
  }
}

function needOf(type: TypeUrl, name: string, message: Uint8Array): Need | undefined {
  if (type === typeUrls.cluster) {
    const { edsClusterConfig } = fromBinary(ClusterSchema, message);
    if (edsClusterConfig === undefined) return undefined;
    return {
      type: typeUrls.endpoints,
      name: edsClusterConfig.serviceName === '' ? name : edsClusterConfig.serviceName,
    };
  }
  if (type === typeUrls.scopedRoute) {
    const routes = fromBinary(ScopedRouteConfigurationSchema, message).routeConfigurationName;
    return routes === '' ? undefined : { type: typeUrls.route, name: routes };
  }
  return undefined;
}
