import type { Init } from './init.ts';
import type { HashKey, WeightedBackend } from '../model/index.ts';
import { sortBy } from './order.ts';
import {
  type HeaderValueOptionSchema,
  HeaderValueOption_HeaderAppendAction,
  type WeightedClusterSchema,
} from './proto/index.ts';

type CookieKey = Extract<HashKey, { kind: 'cookie' }>;

/** What shares add up to where a hash chooses, so that a change of one weight moves no more keys than it asks for. */
const HASHED_TOTAL = 1_000_000;

/** Backends in the order in which a hash or a random number is laid over them. */
export function sortBackends(backends: readonly WeightedBackend[]): readonly WeightedBackend[] {
  return sortBy(backends, ({ cluster, name }) => `${cluster} ${name ?? ''}`);
}

/** Shares of the backends, drawn for each request, or by a hash, with a cookie that says which one was drawn. */
export function weightedClusters(
  backends: readonly WeightedBackend[],
  sticky: HashKey | undefined,
): Init<typeof WeightedClusterSchema> {
  const byHash = sticky !== undefined && sticky.kind !== 'cookie';
  const sorted = sortBackends(backends);
  const weights = byHash ? scaleWeights(sorted.map(({ weight }) => weight)) : sorted.map(({ weight }) => weight);
  return {
    clusters: sorted.map(({ cluster, name }, index) => ({
      name: cluster,
      weight: weights[index] ?? 0,
      ...(sticky?.kind === 'cookie' && name !== undefined ? { responseHeadersToAdd: [setCookie(sticky, name)] } : {}),
    })),
    ...(byHash ? { randomValueSpecifier: { case: 'useHashPolicy', value: { value: true } } } : {}),
  };
}

/** The same proportions, adding up to {@link HASHED_TOTAL}; no share that is above 0 becomes 0. */
export function scaleWeights(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return weights;
  let given = 0;
  let seen = 0;
  return weights.map((weight) => {
    if (weight === 0) return 0;
    seen += weight;
    const share = Math.max(1, Math.round((seen / total) * HASHED_TOTAL) - given);
    given += share;
    return share;
  });
}

function setCookie(cookie: CookieKey, value: string): Init<typeof HeaderValueOptionSchema> {
  const age = cookie.ttlMs ? `; Max-Age=${Math.ceil(cookie.ttlMs / 1000)}` : '';
  const text = `${cookie.name}=${value}; Path=${cookie.path ?? '/'}${age}; HttpOnly`;
  return {
    // Envoy takes what stands between percent signs for a variable.
    header: { key: 'set-cookie', value: text.replaceAll('%', '%%') },
    appendAction: HeaderValueOption_HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD,
  };
}
