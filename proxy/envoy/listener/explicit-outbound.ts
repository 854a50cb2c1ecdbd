import type { Protocol } from '../../model/index.ts';
import type { Logged } from '../access-log.ts';
import { type SocketAddress, socketAddress } from '../address.ts';
import { type OutboundRoutes, outboundHttp } from '../http-connection-manager.ts';
import { duration, TrafficDirection } from '../proto/index.ts';
import { onDemandTcpProxy } from '../tcp-proxy.ts';
import { type FilterChainInit, filterChain, HTTP_PROTOCOLS } from './filter-chain.ts';
import { httpInspector, tlsInspector } from './listener-filters.ts';
import type { ListenerInit } from './outbound.ts';

const INSPECTION_MS = 300;

/** An address that stands for another one where connections cannot be redirected. */
export interface ExplicitUpstream {
  /** Where the application connects to. */
  readonly bind: SocketAddress;
  readonly protocol: Protocol;
  /** The address that it would dial: a Service's, or the endpoint of a headless one. */
  readonly dialled: string;
  /** A headless Service's route configuration; other addresses are found by their scope. */
  readonly routes?: string;
}

/** As the outbound listener treats connections to `dialled`, on an address of its own. */
export function explicitOutboundListener(name: string, upstream: ExplicitUpstream, logged: Logged): ListenerInit {
  const { bind, protocol, dialled } = upstream;
  return {
    name,
    address: socketAddress(bind),
    trafficDirection: TrafficDirection.OUTBOUND,
    ...(protocol === 'sniff'
      ? {
          listenerFilters: [tlsInspector(), httpInspector()],
          listenerFiltersTimeout: duration(INSPECTION_MS),
          continueOnListenerFiltersTimeout: true,
        }
      : {}),
    filterChains: chains(upstream, dialled, logged),
  };
}

function chains({ protocol, routes }: ExplicitUpstream, dialled: string, logged: Logged): FilterChainInit[] {
  const by: OutboundRoutes = routes === undefined ? { kind: 'by-address' } : { kind: 'named', name: routes };
  const http = () => [outboundHttp(by, { dialled, logged })];
  const tcp = [onDemandTcpProxy(dialled, logged)];
  if (protocol === 'tcp') return [filterChain('tcp', {}, tcp)];
  if (protocol !== 'sniff') return [filterChain('http', {}, http())];
  const plaintext = { transportProtocol: 'raw_buffer' };
  return [
    filterChain('http', { ...plaintext, applicationProtocols: HTTP_PROTOCOLS }, http()),
    filterChain('plaintext', plaintext, tcp),
    filterChain('tcp', {}, tcp),
  ];
}
