import { filter } from '../extension.ts';
import type { NetworkFilterInit } from '../http-connection-manager.ts';
import type { Init } from '../init.ts';
import { type FilterChainMatchSchema, type FilterChainSchema, NetworkDirectResponseSchema } from '../proto/index.ts';
import type { TransportSocketInit } from '../transport-socket.ts';

export type FilterChainInit = Init<typeof FilterChainSchema>;
export type FilterChainMatchInit = Init<typeof FilterChainMatchSchema>;

/** What the inspectors say of HTTP in plain text. */
export const HTTP_PROTOCOLS = ['http/1.0', 'http/1.1', 'h2c'];

/**
 * Which connections a chain takes. Envoy narrows the chains down field by field (port, address, server name, transport,
 * application protocol) and never goes back: a chain that leaves a field open loses what another one claims by that field.
 */
export function filterChain(
  name: string,
  match: FilterChainMatchInit,
  filters: readonly NetworkFilterInit[],
  transportSocket?: TransportSocketInit,
): FilterChainInit {
  return {
    name,
    ...(Object.keys(match).length === 0 ? {} : { filterChainMatch: match }),
    filters: [...filters],
    ...(transportSocket === undefined ? {} : { transportSocket }),
  };
}

/** Closes whoever connects to one of the proxy's own ports, which would come back to it for ever. */
export function refuse(destinationPort: number): FilterChainInit {
  const close = filter('envoy.filters.network.direct_response', NetworkDirectResponseSchema);
  return filterChain(`refuse/${destinationPort}`, { destinationPort }, [close]);
}
