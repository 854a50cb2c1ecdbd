import { duration } from './address.ts';
import type { JsonObject, ProxyLimits } from './options.ts';

const MONITORS = 'type.googleapis.com/envoy.extensions.resource_monitors';
const HEAP = 'envoy.resource_monitors.fixed_heap';
const CONNECTIONS = 'envoy.resource_monitors.global_downstream_max_connections';

/** Envoy's overload manager for some limits; `undefined` when there are none. */
export function overloadManager(limits: ProxyLimits): JsonObject | undefined {
  const { heapBytes, downstreamConnections } = limits;
  const monitors: JsonObject[] = [];
  if (heapBytes !== undefined) {
    monitors.push(
      monitor(HEAP, { '@type': `${MONITORS}.fixed_heap.v3.FixedHeapConfig`, max_heap_size_bytes: heapBytes }),
    );
  }
  if (downstreamConnections !== undefined) {
    const type = `${MONITORS}.downstream_connections.v3.DownstreamConnectionsConfig`;
    monitors.push(monitor(CONNECTIONS, { '@type': type, max_active_downstream_connections: downstreamConnections }));
  }
  if (monitors.length === 0) return undefined;
  const heapActions: readonly (readonly [string, number])[] = [
    ['envoy.overload_actions.shrink_heap', 0.9],
    ['envoy.overload_actions.stop_accepting_requests', 0.95],
    ['envoy.overload_actions.stop_accepting_connections', 0.98],
  ];
  return {
    refresh_interval: duration(250),
    resource_monitors: monitors,
    actions: heapBytes === undefined ? [] : heapActions.map(([name, value]) => action(name, value)),
  };
}

function monitor(name: string, typedConfig: JsonObject): JsonObject {
  return { name, typed_config: typedConfig };
}

function action(name: string, value: number): JsonObject {
  return { name, triggers: [{ name: HEAP, threshold: { value } }] };
}
