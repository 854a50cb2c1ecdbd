import {
  carriesHttp,
  type ClusterName,
  type HashKey,
  NOWHERE,
  type RequestMatch,
  type SourceRef,
  type TcpBackend,
  type WeightedBackend,
} from '@dot-kube/proxy/model';
import type { Derivation, Read } from '../../framework/derive/index.ts';
import { compareAged } from '../age.ts';
import { clusterName } from '../cluster-name.ts';
import { TRAFFIC_SPLITS } from '../collections.ts';
import type { Labels } from '../lenient.ts';
import { type PortFacts, serviceFacts, type ServiceFacts } from '../service-facts.ts';
import { serviceKey, serviceSource } from '../sources.ts';
import { type Destination, type SplitPart, splitPart } from './split-part.ts';

/** What a split makes of one port of its root. */
export interface PortPlan {
  readonly port: number;
  readonly source: SourceRef;
  /** Absent where the port carries no HTTP. */
  readonly http?: {
    /** Absent: everything. What does not match goes to the root. */
    readonly matches?: readonly RequestMatch[];
    readonly backends: readonly WeightedBackend[];
    readonly mirror?: { readonly cluster: ClusterName; readonly percent: number };
    readonly sticky?: HashKey;
  };
  /** Absent: connections go to the root. */
  readonly tcp?: readonly TcpBackend[];
}

/** Those endpoints of a Service that a split names by labels. */
export interface Subset {
  /** `namespace/name` of the Service. */
  readonly service: string;
  readonly port: number;
  readonly labels: Labels;
  readonly source: SourceRef;
}

/** What all splits of one root come to. */
export interface SplitPlan {
  readonly ports: readonly PortPlan[];
  readonly subsets: readonly Subset[];
  /** Ports that a split would have had, if there were not an older one. */
  readonly losers: readonly { readonly loser: SourceRef; readonly winner: SourceRef; readonly port: number }[];
}

const NOTHING: SplitPlan = { ports: [], subsets: [], losers: [] };

/** The splits of the root `namespace/name`, port by port; the oldest split of a port has it. */
export const splitPlan: Derivation<SplitPlan> = {
  name: 'splitPlan',
  compute(read, key) {
    const facts = read.derived(serviceFacts, key);
    if (facts === undefined || facts.kind !== 'cluster-ip') return NOTHING;
    const splits = read.members(TRAFFIC_SPLITS, 'root', key).flatMap((split) => read.derived(splitPart, split) ?? []);
    const plan = { ports: [] as PortPlan[], subsets: [] as Subset[], losers: [] as SplitPlan['losers'][number][] };
    for (const port of facts.ports) {
      const [winner, ...others] = [...splits]
        .sort(compareAged)
        .filter((split) => isFor(split, port) && tcpObstacles(split, facts, port).length === 0);
      if (winner === undefined) continue;
      const resolve = (to: Destination): Resolved => resolved(read, port, to, winner.source);
      plan.ports.push(portPlan(winner, port, resolve));
      plan.subsets.push(...destinationsOf(winner, port).flatMap((to) => resolve(to).subset ?? []));
      for (const { source } of others) plan.losers.push({ loser: source, winner: winner.source, port: port.port });
    }
    return plan;
  },
};

/** Whether the split is about the port. */
export function isFor(split: SplitPart, port: PortFacts): boolean {
  return split.port === undefined || split.port === port.port || split.port === port.name;
}

/**
 * Fields that need HTTP and keep the split off a port that was meant: one that it names, or one of a root that has no HTTP
 * port at all. Elsewhere such a field just has no effect on the TCP ports.
 */
export function tcpObstacles(split: SplitPart, facts: ServiceFacts, port: PortFacts): readonly string[] {
  const isMeant = split.port !== undefined || !facts.ports.some(({ protocol }) => carriesHttp(protocol));
  return isMeant && !carriesHttp(port.protocol) ? httpFields(split) : [];
}

/** The fields of a split that only requests can meet. */
export function httpFields({ matches, mirror, sticky }: SplitPart): readonly string[] {
  return [
    ...(matches === undefined ? [] : ['match']),
    ...(mirror === undefined ? [] : ['mirror']),
    ...(sticky === undefined ? [] : ['sticky']),
  ];
}

interface Resolved {
  readonly cluster: ClusterName;
  readonly subset?: Subset;
}

function portPlan(split: SplitPart, port: PortFacts, resolve: (to: Destination) => Resolved): PortPlan {
  const { source, matches, mirror, sticky } = split;
  const backends = split.backends.map((to) => ({ cluster: resolve(to).cluster, weight: to.weight, name: to.name }));
  const http = {
    backends,
    ...(matches === undefined ? {} : { matches }),
    ...(mirror === undefined ? {} : { mirror: { cluster: resolve(mirror).cluster, percent: mirror.percent } }),
    ...(sticky === undefined ? {} : { sticky }),
  };
  const tcp = backends.map(({ cluster, weight }) => ({ cluster, weight }));
  return {
    port: port.port,
    source,
    ...(carriesHttp(port.protocol) ? { http } : {}),
    ...(matches === undefined ? { tcp } : {}),
  };
}

function destinationsOf(split: SplitPart, port: PortFacts): readonly Destination[] {
  return split.mirror === undefined || !carriesHttp(port.protocol) ? split.backends : [...split.backends, split.mirror];
}

/** What does not exist keeps its share, which goes nowhere: silently giving it to others would hide the mistake. */
function resolved(read: Read, port: PortFacts, { service, labels }: Destination, source: SourceRef): Resolved {
  const target = backendPort(read.derived(serviceFacts, serviceKey(service)), port);
  if (target === undefined) return { cluster: NOWHERE };
  const cluster = clusterName(service, target.port, labels);
  if (labels === undefined) return { cluster };
  return { cluster, subset: { service: serviceKey(service), port: target.port, labels, source } };
}

/** The port of a backend that stands for a port of the root: the same number, else the same name. */
export function backendPort(backend: ServiceFacts | undefined, port: PortFacts): PortFacts | undefined {
  if (backend?.kind === 'external') return undefined;
  return (
    backend?.ports.find((other) => other.port === port.port) ??
    backend?.ports.find((other) => other.name !== '' && other.name === port.name)
  );
}

/** Subsets of one Service, whoever names them: one entry for each cluster. */
export interface NamedSubset {
  readonly port: number;
  readonly labels: Labels;
  readonly causes: readonly SourceRef[];
}

/** The subsets of the Service `namespace/name` that splits in force name, sorted by cluster name. */
export const subsetsOf: Derivation<readonly NamedSubset[]> = {
  name: 'subsets',
  compute(read, key) {
    const splits = read
      .members(TRAFFIC_SPLITS, 'service', key)
      .flatMap((split) => read.derived(splitPart, split) ?? []);
    const roots = [...new Set(splits.map(({ root }) => serviceKey(root)))].sort();
    const found = new Map<ClusterName, { port: number; labels: Labels; causes: SourceRef[] }>();
    for (const root of roots) {
      for (const { service, port, labels, source } of read.derived(splitPlan, root).subsets) {
        if (service !== key) continue;
        const facts = read.derived(serviceFacts, service);
        if (facts === undefined) continue;
        const cluster = clusterName(facts.ref, port, labels);
        const entry = found.get(cluster) ?? { port, labels, causes: [serviceSource(facts.ref)] };
        if (
          !entry.causes.some(
            ({ namespace, name, kind }) =>
              kind === source.kind && namespace === source.namespace && name === source.name,
          )
        )
          entry.causes.push(source);
        found.set(cluster, entry);
      }
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, subset]) => subset);
  },
};
