import { parseAddress, socketAddress } from '../address.ts';
import { TrafficDirection } from '../proto/index.ts';
import { onDemandTcpProxy, type TcpLimits } from '../tcp-proxy.ts';
import { filterChain } from './filter-chain.ts';
import type { ListenerInit } from './outbound.ts';

/**
 * Takes the connections to one address that is declared to carry opaque bytes over from the outbound listener. It binds no
 * socket, and looks at no byte.
 */
export function tcpListener(address: string, limits: TcpLimits): ListenerInit {
  return {
    name: address,
    address: socketAddress(parseAddress(address)),
    bindToPort: false,
    trafficDirection: TrafficDirection.OUTBOUND,
    filterChains: [filterChain(address, {}, [onDemandTcpProxy(address, 'failures', limits)])],
  };
}
