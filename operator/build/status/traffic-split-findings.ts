import { carriesHttp, type SourceRef } from '@dot-kube/proxy/model';
import type { TrafficSplit } from '../../api/index.ts';
import type { Finding } from '../../findings/index.ts';
import type { Read } from '../../framework/derive/index.ts';
import { type Labels, listOf, textOf } from '../lenient.ts';
import { normalPath } from '../normal-path.ts';
import { labelsText, selects } from '../selector.ts';
import { serviceEndpoints } from '../service-endpoints.ts';
import { type PortFacts, portsText, portText, serviceFacts, type ServiceFacts } from '../service-facts.ts';
import { serviceKey } from '../sources.ts';
import { backendPort, httpFields, isFor, splitPlan, tcpObstacles } from '../split/split-plan.ts';
import { type SplitPart, splitPart } from '../split/split-part.ts';
import { objectText, type Report } from './place.ts';
import { SNIFFING_WAIT } from './service-findings.ts';

/** What is wrong with a TrafficSplit among the objects around it. */
export function trafficSplitFindings(read: Read, split: TrafficSplit, report: Report): readonly Finding[] {
  const part = read.derived(
    splitPart,
    serviceKey({ namespace: split.metadata.namespace ?? '', name: split.metadata.name }),
  );
  if (part === undefined) return [];
  const { namespace, name } = part.root;
  const facts = read.derived(serviceFacts, serviceKey(part.root));
  const paths = pathFindings(split, report);
  if (facts === undefined) return [...paths, report('DK2001', 'spec.service', { namespace, service: name })];
  if (facts.kind === 'external') {
    const args = { feature: 'a split', subject: `${name}, which is an ExternalName` };
    return [...paths, report('DK2106', 'spec.service', args)];
  }
  if (facts.kind === 'headless') return [...paths, report('DK2103', 'spec.service', { service: name })];
  const ports = facts.ports.filter((port) => isFor(part, port));
  if (ports.length === 0) {
    const args = { service: name, port: part.port ?? 'of TCP', ports: portsText(facts) };
    return [...paths, report('DK2003', part.port === undefined ? 'spec.service' : 'spec.port', args)];
  }
  return [
    ...paths,
    ...conflictFindings(read, part, report),
    ...portFindings(part, facts, ports, report),
    ...destinationFindings(read, split, part, ports, report),
  ];
}

/** Ports of the root that an older split of it has. */
export function lostPorts(
  read: Read,
  part: SplitPart,
): readonly { readonly port: number; readonly winner: SourceRef }[] {
  const { losers } = read.derived(splitPlan, serviceKey(part.root));
  return losers.filter(({ loser }) => loser.name === part.source.name && loser.namespace === part.source.namespace);
}

function conflictFindings(read: Read, part: SplitPart, report: Report): readonly Finding[] {
  const winners = new Set(lostPorts(read, part).map(({ winner }) => objectText(winner)));
  const field = part.port === undefined ? 'service' : 'port';
  return [...winners].map((other) => report('DK2201', `spec.${field}`, { field, other }));
}

function portFindings(
  part: SplitPart,
  facts: ServiceFacts,
  ports: readonly PortFacts[],
  report: Report,
): readonly Finding[] {
  const service = facts.ref.name;
  return ports.flatMap((port) => {
    const text = portText(port);
    if (port.protocol === 'sniff') {
      return [report('DK2302', 'spec.service', { port: text, service, wait: SNIFFING_WAIT })];
    }
    if (carriesHttp(port.protocol)) return [];
    const obstacles = tcpObstacles(part, facts, port);
    if (obstacles.length > 0) {
      return obstacles.map((field) => report('DK2101', `spec.${field}`, { field, port: text, service }));
    }
    return httpFields(part).map((field) => report('DK2303', `spec.${field}`, { field, port: text, service }));
  });
}

/** Backends and the mirror: whether there is such a Service, has the port, and has a pod with the labels. */
function destinationFindings(
  read: Read,
  split: TrafficSplit,
  part: SplitPart,
  ports: readonly PortFacts[],
  report: Report,
): readonly Finding[] {
  const { backends, mirror } = split.spec;
  const named = listOf(backends).map((backend, index) => ({ ...backend, place: `spec.backends[${index}]` }));
  const all = mirror === undefined ? named : [...named, { ...mirror, place: 'spec.mirror' }];
  return all.flatMap(({ service, labels, place }) => {
    const name = textOf(service) ?? part.root.name;
    const { namespace } = part.root;
    const key = serviceKey({ namespace, name });
    const facts = read.derived(serviceFacts, key);
    if (facts === undefined) return [report('DK2002', `${place}.service`, { namespace, service: name })];
    if (facts.kind === 'external') {
      const args = { feature: 'a share of a split', subject: `${name}, which is an ExternalName` };
      return [report('DK2106', `${place}.service`, args)];
    }
    const missing = ports.find((port) => backendPort(facts, port) === undefined);
    if (missing !== undefined) {
      const args = { service: name, port: portText(missing), root: part.root.name };
      return [report('DK2004', `${place}.service`, args)];
    }
    if (labels === undefined || hasPods(read, key, labels)) return [];
    return [report('DK2301', `${place}.labels`, { scope: `the Service ${name}`, labels: labelsText(labels) })];
  });
}

function hasPods(read: Read, service: string, labels: Labels): boolean {
  const endpoints = read.derived(serviceEndpoints, service).flatMap((port) => port.endpoints);
  return endpoints.some(({ pod }) => pod !== undefined && selects(labels, pod.labels));
}

/** Paths are compared in their normal form, so that one in another form fits nothing. */
function pathFindings(split: TrafficSplit, report: Report): readonly Finding[] {
  return listOf(split.spec.match).flatMap(({ path }, index) => {
    const text = textOf(path?.value);
    if (text === undefined) return [];
    const normalized = normalPath(text);
    return normalized === text ? [] : [report('DK2105', `spec.match[${index}].path.value`, { path: text, normalized })];
  });
}
