import {
  type Endpoint,
  formatSpiffeId,
  type Service,
  type ServicePort,
  sourceKey,
  type SourceRef,
  type SpiffeId,
} from '@dot-kube/proxy/model';
import { Document, isCollection, visit } from 'yaml';
import type { Compiled } from '../../../operator/build/testing/compile.ts';
import { findingText } from '../../../operator/findings/index.ts';

/** Lines are as long as they are in the sources. */
const WIDTH = 110;

/**
 * The model as a golden: without what is empty and what follows from the name around it (hosts, a cluster's own Service, and
 * Services as causes), references and endpoints in one line each.
 */
export function goldenText(result: Compiled): string {
  const document = new Document(slim(compact(result)), { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_, node) {
      if (isCollection(node) && JSON.stringify(node).length < WIDTH - 20) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function compact(result: Compiled): object {
  return {
    services: mapped(result.services, compactService),
    endpoints: mapped(result.endpoints, ({ endpoints, causes }) => ({
      endpoints: endpoints.map(endpointText),
      causes: withoutServices(causes),
    })),
    elsewhere: result.elsewhere,
    workloads: mapped(result.workloads, ({ key: _key, ...rest }) => rest, (key) => key.replace(/\/[^/]*$/, '')),
    policies: mapped(result.policies, ({ verdict, findings, conflicts, concerns }) => ({
      refused: verdict.refused?.reason,
      unresolved: verdict.unresolved?.reason,
      findings: findings.map((found) => `${found.level} ${findingText(found)}`),
      conflicts,
      concerns,
    })),
    serviceFindings: result.serviceFindings.map(
      (found) => `${found.object.name}: ${found.level} ${findingText(found)}`,
    ),
  };
}

function compactService({ ports, causes }: Service): object {
  return { ports: ports.map(compactPort), causes: withoutServices(causes) };
}

function compactPort({ hosts: _hosts, headless, rules, tcp, clusters, ...rest }: ServicePort): object {
  return {
    ...rest,
    headless: headless || undefined,
    rules: rules.map(({ causes, ...rule }) => ({ ...rule, causes: withoutServices(causes) })),
    tcp: tcp.map(({ cluster, weight }) => `${cluster} ${weight}`),
    clusters: Object.fromEntries(
      clusters.map(({ name, service: _service, port: _port, protocol: _protocol, headless: _headless, causes, ...own }) => [
        name,
        { ...own, causes: withoutServices(causes) },
      ]),
    ),
  };
}

function endpointText({ address, alternatives = [], port, health, mtls, locality }: Endpoint): string {
  const where = locality === undefined ? '' : ` in ${locality.region}/${locality.zone}`;
  const all = [address, ...alternatives].join('|');
  return `${all} ${port} ${health}${mtls ? ' mtls' : ''}${where}`;
}

function withoutServices(causes: readonly SourceRef[]): readonly SourceRef[] {
  return causes.filter(({ kind }) => kind !== 'Service');
}

function mapped<T>(map: ReadonlyMap<string, T>, shorten: (value: T) => object, name = (key: string): string => key): object {
  return Object.fromEntries([...map].map(([key, value]) => [name(key), shorten(value)]));
}

function slim(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slim);
  if (typeof value !== 'object' || value === null) return value;
  if (isSource(value)) return sourceKey(value);
  if (isIdentity(value)) return formatSpiffeId(value);
  const entries = Object.entries(value).map(([key, entry]) => [key, slim(entry)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined && !isEmpty(entry)));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isSource(value: object): value is SourceRef {
  return Object.keys(value).sort().join() === 'kind,name,namespace';
}

function isIdentity(value: object): value is SpiffeId {
  return 'trustDomain' in value && 'serviceAccount' in value;
}
