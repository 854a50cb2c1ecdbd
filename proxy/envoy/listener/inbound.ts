import type { MeshSettings } from '../../model/index.ts';
import { accessLog } from '../access-log.ts';
import { type SocketAddress, socketAddress } from '../address.ts';
import { INBOUND_LISTENER, INBOUND_PORT, inboundName, PROXY_PORTS } from '../names.ts';
import { duration, TrafficDirection } from '../proto/index.ts';
import { type FilterChainInit, refuse } from './filter-chain.ts';
import { inboundChains, type Intake, sniffsHttp, sniffsTls } from './inbound-chains.ts';
import { httpInspector, type ListenerFilterInit, originalDst, tlsInspector } from './listener-filters.ts';
import { anyAddress, type ListenerInit } from './outbound.ts';

/**
 * What a plain-text caller of a permissive port pays that lets the server speak first. As long as callers' proxies try to connect: on a
 * busy node a second can pass before the first byte of a handshake, and whoever is given up then finds no chain.
 */
const INSPECTION_MS = 5000;

/** Where every connection to the pod arrives, whatever its port. */
export function inboundListener(intakes: readonly Intake[], settings: MeshSettings): ListenerInit {
  const chains = intakes.flatMap((intake) => chainsOf(intake, settings));
  return {
    name: INBOUND_LISTENER,
    ...anyAddress(INBOUND_PORT, settings),
    ...common([
      originalDst(),
      tlsInspector(portsWhere(intakes, (intake) => !sniffsTls(intake))),
      httpInspector(portsWhere(intakes, ({ protocol }) => protocol === 'tcp')),
    ]),
    filterChains: [...PROXY_PORTS.map(refuse), ...chains],
  };
}

/** The same for one port, bound to an address of its own: where connections cannot be redirected. */
export function explicitInboundListener(intake: Intake, bind: SocketAddress, settings: MeshSettings): ListenerInit {
  return {
    name: inboundName(intake.port),
    address: socketAddress(bind),
    ...common([...(sniffsTls(intake) ? [tlsInspector()] : []), ...(sniffsHttp(intake) ? [httpInspector()] : [])]),
    filterChains: inboundChains(intake, {}, settings),
  };
}

function common(listenerFilters: readonly ListenerFilterInit[]) {
  return {
    trafficDirection: TrafficDirection.INBOUND,
    listenerFilters: [...listenerFilters],
    listenerFiltersTimeout: duration(INSPECTION_MS),
    continueOnListenerFiltersTimeout: true,
    accessLog: [accessLog('inbound', 'refused')],
  };
}

function chainsOf(intake: Intake, settings: MeshSettings): FilterChainInit[] {
  return inboundChains(intake, intake.port === 'other' ? {} : { destinationPort: intake.port }, settings);
}

/**
 * Inspectors wait for the caller to speak first, and no longer than {@link INSPECTION_MS}. Which ports they leave out is a part
 * of the listener and not of a chain, so that a change of it closes all of the pod's connections: it follows from what the
 * ports are declared to carry, and as little as can be from policies.
 */
function portsWhere(intakes: readonly Intake[], holds: (intake: Intake) => boolean): readonly number[] {
  return intakes.flatMap((intake) => (intake.port !== 'other' && holds(intake) ? [intake.port] : []));
}
