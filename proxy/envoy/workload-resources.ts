import { hasIpv6, type InboundPolicy, type MeshSettings, type Workload } from '../model/index.ts';
import { type ApplicationAddress, applicationCluster } from './cluster.ts';
import { inboundListener } from './listener/inbound.ts';
import type { Intake } from './listener/inbound-chains.ts';
import { INBOUND_LISTENER, inboundName, PROXY_PORTS } from './names.ts';
import { any, ClusterSchema, HTTPFaultSchema, ListenerSchema, RouteConfigurationSchema } from './proto/index.ts';
import { httpFault } from './fault.ts';
import { FAULT_FILTER } from './http-connection-manager.ts';
import { httpRbacPerRoute } from './rbac/http-rbac.ts';
import { clusterRef, type EnvoyResource, type ResourceRef, resource, TYPE } from './resource.ts';
import { timeoutFields } from './route.ts';
import { sortResources } from './service-resources.ts';
import { TLS_REFS } from './transport-socket.ts';

/** What the proxies of a class take in, where connections are redirected to them: listener, routes and clusters. */
export function workloadResources(workload: Workload, settings: MeshSettings): readonly EnvoyResource[] {
  const intakes = intakesOf(workload).filter(({ port }) => port === 'other' || !PROXY_PORTS.includes(port));
  const listener = resource(ListenerSchema, INBOUND_LISTENER, inboundListener(intakes, settings), {
    refs: intakes.flatMap(intakeRefs),
    causes: intakes.flatMap(({ policy }) => policy.causes),
  });
  const clusters = intakes.map((intake) =>
    inboundClusterResource(intake, intake.port === 'other' ? 'dialled' : loopback(intake.port, settings)),
  );
  return sortResources([listener, ...clusters, ...routesOf(intakes)]);
}

/** Most applications take both families on one socket; one that takes IPv6 alone is found at the second address, at once. */
function loopback(port: number, settings: MeshSettings): ApplicationAddress {
  return { address: '127.0.0.1', port, ...(hasIpv6(settings) ? { alternatives: ['::1'] } : {}) };
}

/** The decisions about requests alone, which need no address of the pod. */
export function workloadRoutes(workload: Workload): readonly EnvoyResource[] {
  return sortResources(routesOf(intakesOf(workload)));
}

function routesOf(intakes: readonly Intake[]): readonly EnvoyResource[] {
  return intakes.filter(({ protocol }) => protocol !== 'tcp').map(routeResource);
}

/** The ports of a workload, and what holds for all the others, of which nobody said what they carry. */
export function intakesOf({ ports, other }: Workload): readonly Intake[] {
  const declared = [...ports].sort((a, b) => a.port - b.port);
  return [
    ...declared.map((policy): Intake => ({ port: policy.port, protocol: policy.protocol, policy })),
    { port: 'other', protocol: 'sniff', policy: other },
  ];
}

/** The application behind a port: at an address, or where the caller wanted to go. */
export function inboundClusterResource(intake: Intake, target: ApplicationAddress | 'dialled'): EnvoyResource {
  const name = inboundName(intake.port);
  const message = applicationCluster(name, intake.protocol, target);
  return resource(ClusterSchema, name, message, { causes: intake.policy.causes });
}

/** What a listener with the chains of a port names. */
export function intakeRefs({ port, protocol, policy }: Intake): readonly ResourceRef[] {
  const name = inboundName(port);
  return [
    clusterRef(name),
    ...(protocol === 'tcp' ? [] : [{ type: TYPE.route, name }]),
    ...(policy.mtls === 'disabled' ? [] : TLS_REFS),
  ];
}

function routeResource({ port, policy }: Intake): EnvoyResource {
  const name = inboundName(port);
  const message = {
    name,
    virtualHosts: [
      {
        name: '*',
        domains: ['*'],
        routes: [
          {
            match: { pathSpecifier: { case: 'prefix' as const, value: '/' } },
            action: {
              case: 'route' as const,
              // Time-outs are the caller's: none here may cut what it lets run.
              value: { clusterSpecifier: { case: 'cluster' as const, value: name }, ...timeoutFields({}) },
            },
          },
        ],
        typedPerFilterConfig: { ...httpRbacPerRoute(policy.authorization), ...faultPerRoute(policy) },
      },
    ],
  };
  return resource(RouteConfigurationSchema, name, message, { refs: [clusterRef(name)], causes: policy.causes });
}

function faultPerRoute({ fault }: InboundPolicy) {
  return fault === undefined ? {} : { [FAULT_FILTER]: any(HTTPFaultSchema, httpFault(fault)) };
}
