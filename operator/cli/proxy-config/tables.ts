import { X509Certificate } from 'node:crypto';
import { MTLS_REGION } from '@dot-kube/proxy/envoy';
import { fieldOf } from '../../framework/api/json.ts';
import { listAt, type Resource, type Section, textAt } from './dump.ts';

/** What people read of the resources of a section: a row for each, or for each part of one. */
export interface Table {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The table of a section. `now` is in milliseconds since the epoch. */
export function tableOf(section: Section, resources: readonly Resource[], now: number): Table {
  switch (section) {
    case 'listeners':
      return {
        titles: ['LISTENER', 'OBJECT', 'ADDRESS', 'FILTER CHAINS', 'VERSION'],
        rows: resources.map(listenerRow),
      };
    case 'routes':
      return {
        titles: ['ROUTES', 'OBJECT', 'HOSTS', 'MATCH', 'TO', 'RETRIES', 'VERSION'],
        rows: resources.flatMap(routeRows),
      };
    case 'clusters':
      return { titles: ['CLUSTER', 'OBJECT', 'TYPE', 'VERSION'], rows: resources.map(clusterRow) };
    case 'endpoints':
      return {
        titles: ['CLUSTER', 'OBJECT', 'ENDPOINT', 'HEALTH', 'WEIGHT', 'TLS'],
        rows: resources.flatMap(endpointRows),
      };
    case 'secrets':
      return {
        titles: ['SECRET', 'KIND', 'IDENTITY', 'EXPIRES IN', 'VERSION'],
        rows: resources.map((each) => secretRow(each, now)),
      };
  }
}

function listenerRow({ config, name, object = '', version = '' }: Resource): readonly string[] {
  const chains = listAt(config, 'filter_chains').map((chain) => textAt(chain, 'name') || '-');
  const fallback = fieldOf(config, 'default_filter_chain') === undefined ? [] : ['default'];
  return [name, object, addressOf(fieldOf(config, 'address')), [...chains, ...fallback].join(', '), version];
}

function routeRows({ config, name, object = '', version = '' }: Resource): readonly (readonly string[])[] {
  return listAt(config, 'virtual_hosts').flatMap((host) =>
    listAt(host, 'routes').map((route) => {
      const action = fieldOf(route, 'route');
      const hosts = listAt(host, 'domains').join(', ');
      return [name, object, hosts, matchText(fieldOf(route, 'match')), targetText(route), retriesOf(action), version];
    }),
  );
}

function matchText(match: unknown): string {
  const kinds = ['path', 'prefix', 'path_separated_prefix'] as const;
  const path = kinds.flatMap((kind) => textAt(match, kind) || []).at(0);
  const headers = listAt(match, 'headers').map((header) => textAt(header, 'name'));
  return [path ?? 'pattern', ...headers.filter((name) => name !== '')].join(' ');
}

function targetText(route: unknown): string {
  const action = fieldOf(route, 'route');
  const weighted = listAt(fieldOf(action, 'weighted_clusters'), 'clusters');
  if (weighted.length > 0)
    return weighted.map((each) => `${textAt(each, 'weight') || '0'}: ${textAt(each, 'name')}`).join(', ');
  const cluster = textAt(action, 'cluster') || textAt(action, 'cluster_header');
  return cluster === '' ? `answers ${textAt(route, 'direct_response', 'status')}` : cluster;
}

function retriesOf(action: unknown): string {
  return textAt(action, 'retry_policy', 'num_retries');
}

function clusterRow({ config, name, object = '', version = '' }: Resource): readonly string[] {
  return [name, object, textAt(config, 'type'), version];
}

function endpointRows({ config, name, object = '' }: Resource): readonly (readonly string[])[] {
  return listAt(config, 'endpoints').flatMap((group) => {
    const isMutualHere = textAt(group, 'locality', 'region') === MTLS_REGION;
    return listAt(group, 'lb_endpoints').map((each) => {
      const own = textAt(each, 'metadata', 'filter_metadata', 'envoy.transport_socket_match', 'mtls');
      const isMutual = isMutualHere || own !== '';
      const address = addressOf(fieldOf(fieldOf(each, 'endpoint'), 'address'));
      const health = textAt(each, 'health_status') || 'UNKNOWN';
      return [name, object, address, health, textAt(each, 'load_balancing_weight'), isMutual ? 'mutual' : ''];
    });
  });
}

function secretRow({ config, name, version = '' }: Resource, now: number): readonly string[] {
  const own = textAt(config, 'tls_certificate', 'certificate_chain', 'inline_string');
  const roots = textAt(config, 'validation_context', 'trusted_ca', 'inline_string');
  const certificate = certificateOf(own === '' ? roots : own);
  const kind = own === '' ? (roots === '' ? 'secret' : 'roots') : 'certificate';
  return [
    name,
    kind,
    certificate?.identity ?? '',
    certificate === undefined ? '' : lifeText(certificate.notAfter - now),
    version,
  ];
}

function certificateOf(pem: string): { readonly identity: string; readonly notAfter: number } | undefined {
  if (pem === '') return undefined;
  try {
    const { subjectAltName = '', validTo } = new X509Certificate(pem);
    return { identity: subjectAltName.replaceAll(/URI:/g, ''), notAfter: Date.parse(validTo) };
  } catch {
    return undefined;
  }
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** How long something lasts yet: `23 h`, `3650 d`, `expired`. */
export function lifeText(milliseconds: number): string {
  if (milliseconds <= 0) return 'expired';
  if (milliseconds >= 3 * DAY) return `${Math.floor(milliseconds / DAY)} d`;
  return milliseconds >= 2 * HOUR ? `${Math.floor(milliseconds / HOUR)} h` : `${Math.floor(milliseconds / MINUTE)} min`;
}

function addressOf(address: unknown): string {
  const host = textAt(address, 'socket_address', 'address');
  const port = textAt(address, 'socket_address', 'port_value');
  if (host !== '') return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return textAt(address, 'pipe', 'path');
}
