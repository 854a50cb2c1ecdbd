import { type Logged } from '../access-log.ts';
import { cidrRange, socketAddress } from '../address.ts';
import { outboundHttp } from '../http-connection-manager.ts';
import type { Init } from '../init.ts';
import { hasIpv6, type MeshSettings } from '../../model/index.ts';
import {
  ELSEWHERE,
  HTTP_PORTS_LISTENER,
  INBOUND_PORT,
  OUTBOUND_LISTENER,
  OUTBOUND_PORT,
  PASSTHROUGH,
} from '../names.ts';
import { uniqueTexts } from '../order.ts';
import { duration, type ListenerSchema, TrafficDirection } from '../proto/index.ts';
import { dialledTcpProxy, tcpProxy } from '../tcp-proxy.ts';
import { type FilterChainInit, filterChain, HTTP_PROTOCOLS, refuse } from './filter-chain.ts';
import { httpInspector, originalDst, tlsInspector } from './listener-filters.ts';

export type ListenerInit = Init<typeof ListenerSchema>;

/** What a caller that says nothing first costs a port that is looked at. */
const INSPECTION_MS = 300;

/**
 * FTP, SSH, SMTP, POP3, IMAP, submission, MySQL, NATS and VNC: the server speaks first, so nothing is to be seen. The list
 * is fixed because a change of it would close the outbound connections of the whole mesh.
 */
export const SERVER_FIRST_PORTS: readonly number[] = [21, 22, 25, 110, 143, 587, 3306, 4222, 5900];

/**
 * Ports on which no server speaks first: those of HTTP by custom, and of gRPC. Fixed, as a change of it would close the
 * connections to all of these ports.
 */
export const HTTP_PORTS: readonly number[] = [80, 3000, 5000, 8000, 8080, 8081, 8888, 9080, 9090, 50051];

/** Longer than clients keep a connection in reserve that they have not used yet: Go's 90 s. */
const RESERVE_MS = 120_000;

/** Where every connection that the pod's application makes arrives. The same bytes whatever is in the mesh. */
export function outboundListener(settings: MeshSettings, logged: Logged = 'failures'): ListenerInit {
  return {
    name: OUTBOUND_LISTENER,
    ...anyAddress(OUTBOUND_PORT, settings),
    trafficDirection: TrafficDirection.OUTBOUND,
    useOriginalDst: true,
    listenerFilters: [originalDst(), tlsInspector(SERVER_FIRST_PORTS), httpInspector(SERVER_FIRST_PORTS)],
    listenerFiltersTimeout: duration(INSPECTION_MS),
    continueOnListenerFiltersTimeout: true,
    filterChains: [refuse(OUTBOUND_PORT), refuse(INBOUND_PORT), ...chains(settings, logged)],
  };
}

/**
 * Takes the connections to {@link HTTP_PORTS} over from the outbound listener, once that one has looked at them, and waits longer
 * for what a client says first: one that was silent there would carry opaque bytes for as long as it is open. It binds no socket.
 */
export function httpPortsListener(settings: MeshSettings, logged: Logged = 'failures'): ListenerInit {
  const wildcards = hasIpv6(settings) ? ['0.0.0.0', '::'] : ['0.0.0.0'];
  const [address, ...others] = HTTP_PORTS.flatMap((port) =>
    wildcards.map((wildcard) => socketAddress({ address: wildcard, port })),
  );
  return {
    name: HTTP_PORTS_LISTENER,
    ...(address === undefined ? {} : { address }),
    additionalAddresses: others.map((other) => ({ address: other })),
    bindToPort: false,
    trafficDirection: TrafficDirection.OUTBOUND,
    listenerFilters: [tlsInspector(), httpInspector()],
    listenerFiltersTimeout: duration(RESERVE_MS),
    continueOnListenerFiltersTimeout: true,
    filterChains: chains(settings, logged),
  };
}

function chains(settings: MeshSettings, logged: Logged): FilterChainInit[] {
  const prefixRanges = uniqueTexts(settings.serviceCidrs).map(cidrRange);
  const services = prefixRanges.length === 0 ? [] : serviceChains({ prefixRanges }, logged);
  return [...services, ...elsewhereChains(logged)];
}

function serviceChains(to: { prefixRanges: ReturnType<typeof cidrRange>[] }, logged: Logged): FilterChainInit[] {
  const tcp = dialledTcpProxy(logged);
  return [
    filterChain('services/http', { ...to, ...HTTP }, [outboundHttp({ kind: 'by-address' }, { logged })]),
    // Without this one, plain text that is not HTTP would find the transport claimed and no chain left.
    filterChain('services/plaintext', { ...to, ...PLAINTEXT }, tcp),
    filterChain('services/tcp', to, tcp),
  ];
}

function elsewhereChains(logged: Logged): FilterChainInit[] {
  const tcp = [tcpProxy('outbound', PASSTHROUGH, logged)];
  return [
    filterChain('elsewhere/http', HTTP, [outboundHttp({ kind: 'named', name: ELSEWHERE }, { logged })]),
    filterChain('elsewhere/plaintext', PLAINTEXT, tcp),
    filterChain('elsewhere/tcp', {}, tcp),
  ];
}

const PLAINTEXT = { transportProtocol: 'raw_buffer' };
const HTTP = { ...PLAINTEXT, applicationProtocols: HTTP_PROTOCOLS };

/** All addresses of the pod; IPv6 only where the mesh has it, as a kernel may be without. */
export function anyAddress(
  port: number,
  settings: MeshSettings,
): Pick<ListenerInit, 'address' | 'additionalAddresses'> {
  return {
    address: socketAddress({ address: '0.0.0.0', port }),
    ...(hasIpv6(settings) ? { additionalAddresses: [{ address: socketAddress({ address: '::', port }) }] } : {}),
  };
}
