import type { Init } from './init.ts';
import { NOWHERE, type RouteRule, type ServicePort, type Timeouts } from '../model/index.ts';
import { hashPolicy } from './hash-policy.ts';
import { DIALLED_HEADER } from './names.ts';
import { fraction } from './percent.ts';
import { duration, type RouteActionSchema, type RouteSchema, type VirtualHostSchema } from './proto/index.ts';
import { clusterRef, type ResourceRef } from './resource.ts';
import { retryPolicy } from './retry-policy.ts';
import { routeMatches } from './route-match.ts';
import { exactMatch } from './string-match.ts';
import { sortBackends, weightedClusters } from './weighted-clusters.ts';

export type RouteInit = Init<typeof RouteSchema>;
export type VirtualHostInit = Init<typeof VirtualHostSchema>;
type RouteActionInit = Init<typeof RouteActionSchema>;
type ClusterSpecifier = NonNullable<RouteActionInit['clusterSpecifier']>;

/** How long an upstream may leave what it was sent unread, or a caller its answer, before the stream is given up. */
const FLUSH_MS = 5 * 60_000;

/** A virtual host with the rules of a Service's port, for these domains. */
export function virtualHost(port: ServicePort, name = '*', domains: readonly string[] = ['*']): VirtualHostInit {
  return {
    name,
    domains: [...domains],
    routes: port.rules.flatMap(ruleRoutes),
    // A headless Service's cluster looks at the header to find the dialled endpoint, and removes it itself.
    ...(port.headless ? {} : { requestHeadersToRemove: [DIALLED_HEADER] }),
  };
}

/** The clusters that the rules of a port name; a mirror's is never asked for by Envoy. */
export function routeRefs(port: ServicePort): readonly ResourceRef[] {
  return port.rules.flatMap((rule) => [
    ...rule.backends.map(({ cluster }) => clusterRef(cluster)),
    ...(rule.mirror === undefined ? [] : [clusterRef(rule.mirror.cluster)]),
  ]);
}

/** Time-outs of a route. Without a limit for idle streams the connection manager's would hold, which is a few seconds. */
export function timeoutFields(timeouts: Timeouts): Pick<RouteActionInit, 'timeout' | 'idleTimeout' | 'flushTimeout'> {
  return {
    timeout: duration(timeouts.requestMs ?? 0),
    idleTimeout: duration(timeouts.idleMs ?? 0),
    flushTimeout: duration(FLUSH_MS),
  };
}

/** One rule, as one route per alternative; with a sticky cookie, before it one for each backend that the cookie may name. */
function ruleRoutes(rule: RouteRule): readonly RouteInit[] {
  return routeMatches(rule.matches).flatMap((match): RouteInit[] => {
    const chosen = { match, action: routeAction(rule, chooseCluster(rule)) };
    const { sticky } = rule;
    if (sticky?.kind !== 'cookie') return [chosen];
    const kept = sortBackends(rule.backends).flatMap(({ name, weight, cluster }): RouteInit[] => {
      if (name === undefined || weight === 0) return [];
      const cookies = [{ name: sticky.name, stringMatch: exactMatch(name) }];
      return [{ match: { ...match, cookies }, action: routeAction(rule, { case: 'cluster', value: cluster }) }];
    });
    return [...kept, chosen];
  });
}

function chooseCluster(rule: RouteRule): ClusterSpecifier {
  const [only] = rule.backends;
  const cookie = rule.sticky?.kind === 'cookie' && only?.name !== undefined;
  if (only !== undefined && rule.backends.length === 1 && !cookie) return { case: 'cluster', value: only.cluster };
  // Envoy refuses weights that add up to nothing.
  if (rule.backends.every(({ weight }) => weight === 0)) return { case: 'cluster', value: NOWHERE };
  return { case: 'weightedClusters', value: weightedClusters(rule.backends, rule.sticky) };
}

function routeAction(rule: RouteRule, clusterSpecifier: ClusterSpecifier): { case: 'route'; value: RouteActionInit } {
  const retries = retryPolicy(rule.retries, rule.timeouts);
  const { mirror, sticky } = rule;
  return {
    case: 'route',
    value: {
      clusterSpecifier,
      ...timeoutFields(rule.timeouts),
      ...(retries === undefined ? {} : { retryPolicy: retries }),
      ...(sticky === undefined || sticky.kind === 'cookie' ? {} : { hashPolicy: [hashPolicy(sticky)] }),
      ...(mirror === undefined
        ? {}
        : {
            requestMirrorPolicies: [
              {
                cluster: mirror.cluster,
                runtimeFraction: { defaultValue: fraction(mirror.percent) },
                disableShadowHostSuffixAppend: true,
              },
            ],
          }),
    },
  };
}
