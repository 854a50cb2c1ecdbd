import type { MeshSettings } from '../../model/index.ts';
import { accessLog } from '../access-log.ts';
import { type SocketAddress, socketAddress } from '../address.ts';
import { INBOUND_LISTENER, INBOUND_PORT, inboundName, OUTBOUND_PORT } from '../names.ts';
import { duration, TrafficDirection } from '../proto/index.ts';
import { type FilterChainInit, refuse } from './filter-chain.ts';
import { inboundChains, type Intake, sniffsHttp, sniffsTls } from './inbound-chains.ts';
import { httpInspector, type ListenerFilterInit, originalDst, tlsInspector } from './listener-filters.ts';
import { anyAddress, type ListenerInit } from './outbound.ts';

/** What a plain-text caller of a permissive port pays that lets the server speak first. */
const INSPECTION_MS = 1000;

/** Where every connection to the pod arrives, whatever its port. */
export function inboundListener(intakes: readonly Intake[], settings: MeshSettings): ListenerInit {
  const declared = intakes.flatMap(({ port }) => (port === 'other' ? [] : [port]));
  const chains = intakes.flatMap((intake) => chainsOf(intake, settings));
  const own = [OUTBOUND_PORT, INBOUND_PORT].filter((port) => !declared.includes(port));
  return {
    name: INBOUND_LISTENER,
    ...anyAddress(INBOUND_PORT, settings),
    ...common([originalDst(), ...inspectors(intakes)]),
    filterChains: [...own.map(refuse), ...chains],
  };
}

/** The same for one port, bound to an address of its own: where connections cannot be redirected. */
export function explicitInboundListener(intake: Intake, bind: SocketAddress, settings: MeshSettings): ListenerInit {
  return {
    name: inboundName(intake.port),
    address: socketAddress(bind),
    ...common(inspectors([{ ...intake, port: 'other' }])),
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

/** Inspectors where they are needed, and where they are not, none: they wait for the caller to speak first. */
function inspectors(intakes: readonly Intake[]): ListenerFilterInit[] {
  return [...inspector(intakes, sniffsTls, tlsInspector), ...inspector(intakes, sniffsHttp, httpInspector)];
}

function inspector(
  intakes: readonly Intake[],
  needed: (intake: Intake) => boolean,
  make: (exceptPorts: readonly number[]) => ListenerFilterInit,
): ListenerFilterInit[] {
  if (!intakes.some(needed)) return [];
  return [make(intakes.flatMap((intake) => (intake.port === 'other' || needed(intake) ? [] : [intake.port])))];
}
