/** The resource types that are served, by their xDS names. */
export const typeUrls = {
  cluster: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  endpoints: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
  secret: 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
  route: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
  scopedRoute: 'type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration',
  listener: 'type.googleapis.com/envoy.config.listener.v3.Listener',
} as const;

/** Type URL of a resource type that is served. */
export type TypeUrl = (typeof typeUrls)[keyof typeof typeUrls];

/**
 * The order in which one push speaks of several types: what is referred to before what refers to it.
 * https://www.envoyproxy.io/docs/envoy/v1.40.0/api-docs/xds_protocol#eventual-consistency-considerations
 */
export const pushOrder: readonly TypeUrl[] = [
  typeUrls.cluster,
  typeUrls.endpoints,
  typeUrls.secret,
  typeUrls.route,
  typeUrls.scopedRoute,
  typeUrls.listener,
];

const known: ReadonlySet<string> = new Set(pushOrder);

/** Whether a type URL is one that is served. */
export function isTypeUrl(value: string): value is TypeUrl {
  return known.has(value);
}
