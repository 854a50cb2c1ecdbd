import type { Init } from './init.ts';
import type { Retries, Timeouts } from '../model/index.ts';
import { filter } from './extension.ts';
import { uniqueTexts } from './order.ts';
import { duration, PreviousHostsPredicateSchema, type RetryPolicySchema } from './proto/index.ts';

export type RetryPolicyInit = Init<typeof RetryPolicySchema>;

/** Without a word about retries: only what cannot have reached the application. */
export const DEFAULT_RETRIES: Retries = { attempts: 2, on: ['connect-failure', 'refused-stream'], statusCodes: [] };

/** How often a host that was tried already is passed over before it is taken again. */
const HOST_SELECTION_ATTEMPTS = 5;

/** `undefined` when there is neither a retry nor a limit for one try. */
export function retryPolicy(retries: Retries = DEFAULT_RETRIES, timeouts: Timeouts = {}): RetryPolicyInit | undefined {
  const perTry = timeouts.perTryMs ? { perTryTimeout: duration(timeouts.perTryMs) } : {};
  const conditions = [...uniqueTexts(retries.on)];
  if (retries.statusCodes.length > 0) conditions.push('retriable-status-codes');
  if (retries.attempts === 0 || conditions.length === 0) {
    return timeouts.perTryMs ? { numRetries: 0, ...perTry } : undefined;
  }
  return {
    retryOn: conditions.join(','),
    numRetries: retries.attempts,
    ...perTry,
    ...(retries.statusCodes.length > 0 ? { retriableStatusCodes: sortedCodes(retries.statusCodes) } : {}),
    ...(retries.backoff === undefined
      ? {}
      : {
          retryBackOff: {
            baseInterval: duration(retries.backoff.baseMs),
            ...(retries.backoff.maxMs === undefined ? {} : { maxInterval: duration(retries.backoff.maxMs) }),
          },
        }),
    retryHostPredicate: [filter('envoy.retry_host_predicates.previous_hosts', PreviousHostsPredicateSchema)],
    hostSelectionRetryMaxAttempts: BigInt(HOST_SELECTION_ATTEMPTS),
  };
}

function sortedCodes(codes: readonly number[]): number[] {
  return [...new Set(codes)].sort((a, b) => a - b);
}
