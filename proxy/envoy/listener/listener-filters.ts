import { filter } from '../extension.ts';
import type { Init } from '../init.ts';
import {
  HttpInspectorSchema,
  type ListenerFilterChainMatchPredicateSchema,
  type ListenerFilterSchema,
  OriginalDstSchema,
  TlsInspectorSchema,
} from '../proto/index.ts';

export type ListenerFilterInit = Init<typeof ListenerFilterSchema>;

/** Finds out where a redirected connection wanted to go. */
export function originalDst(): ListenerFilterInit {
  return filter('envoy.filters.listener.original_dst', OriginalDstSchema);
}

/** Waits for the caller's first bytes and tells TLS with its server name; not on these ports. */
export function tlsInspector(exceptPorts: readonly number[] = []): ListenerFilterInit {
  return { ...filter('envoy.filters.listener.tls_inspector', TlsInspectorSchema), ...disabledOn(exceptPorts) };
}

/** Waits for the caller's first bytes and tells HTTP in plain text; not on these ports. */
export function httpInspector(exceptPorts: readonly number[] = []): ListenerFilterInit {
  return { ...filter('envoy.filters.listener.http_inspector', HttpInspectorSchema), ...disabledOn(exceptPorts) };
}

type Predicate = Init<typeof ListenerFilterChainMatchPredicateSchema>;

function disabledOn(ports: readonly number[]): Pick<ListenerFilterInit, 'filterDisabled'> {
  const rules = [...new Set(ports)]
    .sort((a, b) => a - b)
    .map((port): Predicate => ({ rule: { case: 'destinationPortRange', value: { start: port, end: port + 1 } } }));
  const [only] = rules;
  if (only === undefined) return {};
  return { filterDisabled: rules.length === 1 ? only : { rule: { case: 'orMatch', value: { rules } } } };
}
