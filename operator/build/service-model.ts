import {
  carriesHttp,
  type Cluster,
  type RouteRule,
  type Service,
  type ServicePort,
  uniqueSources,
} from '@dot-kube/proxy/model';
import type { Derivation, Read } from '../framework/derive/index.ts';
import { clusterName } from './cluster-name.ts';
import type { Labels } from './lenient.ts';
import { aliasesOf, externalTarget } from './external-name.ts';
import { callerPolicy } from './policy/caller-policy.ts';
import { clusterSettings } from './policy/cluster-settings.ts';
import { routeSettings } from './policy/route-settings.ts';
import { labelsText } from './selector.ts';
import { type PortFacts, serviceFacts, type ServiceFacts, serviceHosts } from './service-facts.ts';
import { serviceIdentities } from './service-identities.ts';
import { serviceKey, serviceSource } from './sources.ts';
import { type PortPlan, splitPlan, subsetsOf } from './split/split-plan.ts';

/** What callers see of the Service `namespace/name`; nothing where there is none, or where it is another name of one. */
export const serviceModel: Derivation<Service | undefined> = {
  name: 'serviceModel',
  compute(read, key) {
    const facts = read.derived(serviceFacts, key);
    // What is another name of a Service has nothing of its own: callers dial that Service.
    const isElsewhere = facts?.kind !== 'external' || read.derived(externalTarget, key)?.kind === 'outside';
    if (facts === undefined || !isElsewhere) return undefined;
    const ports = facts.ports.map((port) => portModel(read, facts, port));
    return { ref: facts.ref, ports, causes: uniqueSources([serviceSource(facts.ref), ...tcpSplits(read, facts)]) };
  },
};

/** Where there are no rules to name it, the whole Service has the split as a cause. */
function tcpSplits(read: Read, { ref, ports }: ServiceFacts): readonly PortPlan['source'][] {
  const opaque = new Set(ports.filter(({ protocol }) => !carriesHttp(protocol)).map(({ port }) => port));
  const plans = read.derived(splitPlan, serviceKey(ref)).ports;
  return plans.filter(({ port, tcp }) => opaque.has(port) && tcp !== undefined).map(({ source }) => source);
}

function portModel(read: Read, facts: ServiceFacts, port: PortFacts): ServicePort {
  const key = serviceKey(facts.ref);
  const own = clusterName(facts.ref, port.port);
  const plan = read.derived(splitPlan, key).ports.find((each) => each.port === port.port);
  const subsets = read.derived(subsetsOf, key).filter((subset) => subset.port === port.port);
  return {
    port: port.port,
    protocol: port.protocol,
    addresses: port.addresses,
    hosts: hostsOf(read, facts),
    headless: facts.kind === 'headless',
    ...externalOf(facts),
    rules: carriesHttp(port.protocol) ? rulesOf(read, facts, port, plan) : [],
    tcp: plan?.tcp ?? [{ cluster: own, weight: 1 }],
    clusters: [
      clusterOf(read, facts, port, undefined),
      ...subsets.map(({ labels, causes }) => clusterOf(read, facts, port, { labels, causes })),
    ],
  };
}

/** Names are compared where there is no address alone; there those count too that ExternalNames give the Service. */
function hostsOf(read: Read, { kind, ref }: ServiceFacts): readonly string[] {
  const key = serviceKey(ref);
  const aliases = kind === 'headless' ? aliasesOf(read, key) : [];
  return [key, ...aliases].flatMap((each) => read.derived(serviceHosts, each));
}

function externalOf({ kind }: ServiceFacts): { readonly external?: true } {
  return kind === 'external' ? { external: true } : {};
}

/** The split's rule, then the rest to the root's own endpoints. Time-outs and retries are the root's for all backends. */
function rulesOf(read: Read, { ref }: ServiceFacts, port: PortFacts, plan: PortPlan | undefined): readonly RouteRule[] {
  const key = serviceKey(ref);
  const { timeouts, retries, causes } = routeSettings(read.derived(callerPolicy, key).get(port.port) ?? {});
  const toRoot: RouteRule = {
    matches: [],
    backends: [{ cluster: clusterName(ref, port.port), weight: 1 }],
    timeouts,
    retries,
    causes: uniqueSources([serviceSource(ref), ...causes, ...sourcesOfPlan(plan)]),
  };
  const split = plan?.http;
  if (plan === undefined || split === undefined) return [toRoot];
  const { backends, mirror, sticky, matches } = split;
  const rule: RouteRule = {
    ...toRoot,
    matches: matches ?? [],
    backends,
    ...(mirror === undefined ? {} : { mirror }),
    ...(sticky === undefined ? {} : { sticky }),
  };
  if (matches === undefined) return [rule];
  return matches.length === 0 ? [toRoot] : [rule, toRoot];
}

function sourcesOfPlan(plan: PortPlan | undefined): readonly PortPlan['source'][] {
  return plan === undefined ? [] : [plan.source];
}

function clusterOf(
  read: Read,
  facts: ServiceFacts,
  port: PortFacts,
  subset: { readonly labels: Labels; readonly causes: Cluster['causes'] } | undefined,
): Cluster {
  const key = serviceKey(facts.ref);
  const fields = read.derived(callerPolicy, key).get(port.port) ?? {};
  const { causes, ...settings } = clusterSettings(fields, { ...facts, protocol: port.protocol });
  const identities = read.derived(serviceIdentities, key);
  return {
    name: clusterName(facts.ref, port.port, subset?.labels),
    service: facts.ref,
    port: port.port,
    protocol: port.protocol,
    identities: subset === undefined ? identities.all : (identities.subsets.get(labelsText(subset.labels)) ?? []),
    ...settings,
    headless: facts.kind === 'headless',
    ...externalOf(facts),
    causes: uniqueSources([serviceSource(facts.ref), ...(subset?.causes ?? []), ...causes]),
  };
}
