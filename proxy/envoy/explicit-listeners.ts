import type { MeshSettings, Workload } from '../model/index.ts';
import type { Logged } from './access-log.ts';
import { formatAddress, type SocketAddress } from './address.ts';
import { explicitInboundListener } from './listener/inbound.ts';
import { type ExplicitUpstream, explicitOutboundListener } from './listener/explicit-outbound.ts';
import { inboundName } from './names.ts';
import { ListenerSchema } from './proto/index.ts';
import { type EnvoyResource, resource, TYPE } from './resource.ts';
import { sortResources } from './service-resources.ts';
import { inboundClusterResource, intakeRefs, intakesOf } from './workload-resources.ts';

/** Where one proxy listens, and where its application does, when connections are not redirected to it. */
export interface ProxyPlacement {
  /** The workload's ports that the proxy takes in; others are not reachable. */
  readonly inbound: readonly ExplicitInbound[];
  readonly outbound: readonly ExplicitUpstream[];
}

/** A port of the workload. */
export interface ExplicitInbound {
  readonly port: number;
  /** Where other proxies connect to: the endpoint's address. */
  readonly bind: SocketAddress;
  /** Where the application listens. */
  readonly target: SocketAddress;
}

/**
 * The listeners of one proxy, and the clusters of its own application: what in a pod the redirection would make one for all.
 * Its routes are those of its class ({@link workloadRoutes}). Ports that the workload does not declare are left out.
 */
export function explicitListeners(
  placement: ProxyPlacement,
  workload: Workload,
  settings: MeshSettings,
  options: { readonly logged?: Logged } = {},
): readonly EnvoyResource[] {
  const intakes = new Map(intakesOf(workload).map((intake) => [intake.port, intake]));
  const inbound = placement.inbound.flatMap(({ port, bind, target }) => {
    const intake = intakes.get(port);
    if (intake === undefined) return [];
    const listener = explicitInboundListener(intake, bind, settings);
    const from = { refs: intakeRefs(intake), causes: intake.policy.causes };
    return [resource(ListenerSchema, inboundName(port), listener, from), inboundClusterResource(intake, target)];
  });
  const outbound = placement.outbound.map((upstream) => {
    const name = `outbound/${formatAddress(upstream.bind)}`;
    const listener = explicitOutboundListener(name, upstream, options.logged ?? 'all');
    return resource(ListenerSchema, name, listener, { refs: upstreamRefs(upstream) });
  });
  return sortResources([...inbound, ...outbound]);
}

function upstreamRefs({ protocol, routes }: ExplicitUpstream) {
  return protocol === 'tcp' || routes === undefined ? [] : [{ type: TYPE.route, name: routes }];
}
