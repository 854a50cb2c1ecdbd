import type { Locality, ServiceRef } from '@dot-kube/proxy/model';
import type { Endpoint, EndpointSlice } from '../api/index.ts';
import type { Derivation, Read } from '../framework/derive/index.ts';
import { canonicalAddress } from './address.ts';
import { ENDPOINT_SLICES, PODS } from './collections.ts';
import { compareText, listOf, numberOf, objectOf, textOf } from './lenient.ts';
import { nodeLocality, podFacts, type PodFacts } from './pod-facts.ts';
import { serviceFacts } from './service-facts.ts';
import { serviceRefOf } from './sources.ts';
import { withoutNulls } from './without-nulls.ts';

/** An endpoint of a Service in any state. */
export interface RawEndpoint {
  readonly address: string;
  readonly port: number;
  /** `draining` is terminating yet serving; `absent` takes nothing now, but may soon. */
  readonly state: 'ready' | 'draining' | 'absent';
  readonly pod?: PodFacts;
  /** `namespace/name` of the pod that the slice names, whether there is one or not. */
  readonly named?: string;
  readonly locality?: Locality;
}

/** All endpoints of a Service by the name of the port, sorted; of duplicates over slices the best state wins. */
export type ServiceEndpoints = readonly { readonly name: string; readonly endpoints: readonly RawEndpoint[] }[];

/** The endpoints of the Service `namespace/name` as its slices and pods say. */
export const serviceEndpoints: Derivation<ServiceEndpoints> = {
  name: 'serviceEndpoints',
  compute(read, key) {
    const facts = read.derived(serviceFacts, key);
    if (facts === undefined) return [];
    const ports = new Map<string, Map<string, RawEndpoint>>();
    for (const slice of read.byIndex(ENDPOINT_SLICES, 'service', key)) {
      if (slice.addressType === 'FQDN') continue;
      for (const endpoint of listOf(withoutNulls(slice.endpoints))) {
        const found = endpointOf(read, serviceRefOf(key), endpoint, facts.publishNotReady);
        if (found === undefined) continue;
        for (const { name, port } of tcpPortsOf(slice)) add(ports, name, { ...found, port });
      }
    }
    return [...ports]
      .map(([name, endpoints]) => ({ name, endpoints: [...endpoints.values()].sort(compareEndpoints) }))
      .sort((a, b) => compareText(a.name, b.name));
  },
};

/** The lower the better. */
export const STATE_RANK = { ready: 0, draining: 1, absent: 2 } as const;

function add(ports: Map<string, Map<string, RawEndpoint>>, name: string, endpoint: RawEndpoint): void {
  const endpoints = ports.get(name) ?? new Map<string, RawEndpoint>();
  ports.set(name, endpoints);
  const key = `${endpoint.address} ${endpoint.port}`;
  const other = endpoints.get(key);
  if (other === undefined || STATE_RANK[endpoint.state] < STATE_RANK[other.state]) endpoints.set(key, endpoint);
}

/** By address and port. */
export function compareEndpoints(a: RawEndpoint, b: RawEndpoint): number {
  return compareText(a.address, b.address) || a.port - b.port;
}

function tcpPortsOf(slice: EndpointSlice): readonly { readonly name: string; readonly port: number }[] {
  return listOf(withoutNulls(slice.ports)).flatMap(({ name, port, protocol }) => {
    const number = numberOf(port);
    return number === undefined || (protocol ?? 'TCP') !== 'TCP' ? [] : [{ name: textOf(name) ?? '', port: number }];
  });
}

function endpointOf(
  read: Read,
  service: ServiceRef,
  endpoint: Endpoint,
  publishNotReady: boolean,
): Omit<RawEndpoint, 'port'> | undefined {
  const text = textOf(listOf(endpoint.addresses)[0]);
  if (text === undefined) return undefined;
  const address = canonicalAddress(text);
  const pod = podOf(read, service, endpoint, address);
  const locality = pod?.locality ?? localityOf(read, endpoint);
  const named = nameOf(service, endpoint);
  return {
    address,
    state: stateOf(endpoint, publishNotReady),
    ...(named === undefined ? {} : { named }),
    ...(pod === undefined ? {} : { pod }),
    ...(locality === undefined ? {} : { locality }),
  };
}

/** Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions */
function stateOf({ conditions }: Endpoint, publishNotReady: boolean): RawEndpoint['state'] {
  const ready = publishNotReady || conditions?.ready !== false;
  const serving = conditions?.serving ?? ready;
  if (conditions?.terminating === true && !publishNotReady) return serving ? 'draining' : 'absent';
  return ready ? 'ready' : 'absent';
}

/**
 * The pod behind an endpoint: the one that it names, else the one with its address, and only in the Service's own namespace,
 * so that nobody can lend a Service the identity of a stranger's pod.
 */
function podOf(read: Read, service: ServiceRef, endpoint: Endpoint, address: string): PodFacts | undefined {
  const { namespace } = service;
  const name = nameOf(service, endpoint);
  const named = name === undefined ? undefined : read.derived(podFacts, name);
  if (named !== undefined && (named.addresses.length === 0 || named.addresses.includes(address))) return named;
  const [found] = read.byIndex(PODS, 'ip', `${namespace}/${address}`);
  return found === undefined ? undefined : read.derived(podFacts, `${namespace}/${found.metadata.name}`);
}

function nameOf({ namespace }: ServiceRef, { targetRef }: Endpoint): string | undefined {
  if (targetRef?.kind !== 'Pod' || (targetRef.namespace ?? namespace) !== namespace) return undefined;
  const name = textOf(targetRef.name);
  return name === undefined ? undefined : `${namespace}/${name}`;
}

function localityOf(read: Read, endpoint: Endpoint): Locality | undefined {
  const node = textOf(endpoint.nodeName);
  const known = node === undefined ? undefined : read.derived(nodeLocality, node);
  const zone = textOf(objectOf(endpoint)?.zone);
  return known ?? (zone === undefined ? undefined : { region: '', zone });
}
