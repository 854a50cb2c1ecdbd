/** The mesh as Envoy's configuration: pure functions from `proxy/model` to xDS resources, the same bytes for the same model. */
export type { Logged } from './access-log.ts';
export { formatAddress, parseAddress, type SocketAddress } from './address.ts';
export { emptyResource } from './empty-resource.ts';
export {
  addressEndpointResource,
  endpointResource,
  headlessTcpResources,
  variesByLocality,
} from './endpoint-resources.ts';
export { type ExplicitInbound, explicitListeners, type ProxyPlacement } from './explicit-listeners.ts';
export type { ExplicitUpstream } from './listener/explicit-outbound.ts';
export { type HeadlessPort, meshResources, sharedClusters } from './mesh-resources.ts';
export * from './names.ts';
export { clusterRef, encodeResource, type EnvoyResource, type ResourceRef, TYPE } from './resource.ts';
export { type Identity, identitySecret, rootsSecret } from './secret.ts';
export { type ClusterLookup, serviceResources, sortResources } from './service-resources.ts';
export { workloadResources, workloadRoutes } from './workload-resources.ts';
