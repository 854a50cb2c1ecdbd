import { type Retries, type SourceRef, type Timeouts, uniqueSources } from '@dot-kube/proxy/model';
import type { MeshPolicyRetriesCondition } from '../../api/index.ts';
import { defined } from '../defined.ts';
import { durationMs } from '../duration.ts';
import { listOf, textsOf } from '../lenient.ts';
import type { CallerField } from './caller-fields.ts';
import type { Effective } from './caller-policy.ts';

/** What the routes of a Service's port take from its policies. */
export interface RouteSettings {
  readonly timeouts: Timeouts;
  readonly retries: Retries;
  readonly causes: readonly SourceRef[];
}

const FIELDS = [
  'timeouts.request',
  'timeouts.perTry',
  'timeouts.idle',
  'retries.attempts',
  'retries.conditions',
  'retries.statusCodes',
  'retries.backoff',
] as const satisfies readonly CallerField[];

/** Envoy's names. Source: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter */
const CONDITIONS: Readonly<Record<MeshPolicyRetriesCondition, string>> = {
  ServerError: '5xx',
  GatewayError: 'gateway-error',
  Retriable4xx: 'retriable-4xx',
  Reset: 'reset',
  ConnectFailure: 'connect-failure',
  RefusedStream: 'refused-stream',
  Cancelled: 'cancelled',
  DeadlineExceeded: 'deadline-exceeded',
  Internal: 'internal',
  ResourceExhausted: 'resource-exhausted',
  Unavailable: 'unavailable',
};

/** What is tried again when no policy says anything: only what cannot have reached the application. */
const UNASKED: readonly MeshPolicyRetriesCondition[] = ['ConnectFailure', 'RefusedStream'];
/** What is tried again when a policy asks for retries and says no conditions. */
const ASKED: readonly MeshPolicyRetriesCondition[] = ['ConnectFailure', 'RefusedStream', 'Unavailable', 'GatewayError'];
const ATTEMPTS = 2;

/** The settings of routes; retries are always there, with 0 attempts where they are turned off. */
export function routeSettings(fields: Effective): RouteSettings {
  return { timeouts: timeoutsOf(fields), retries: retriesOf(fields), causes: sourcesOf(fields, FIELDS) };
}

/** The policies behind some fields. */
export function sourcesOf(fields: Effective, names: readonly CallerField[]): readonly SourceRef[] {
  return uniqueSources(names.flatMap((name) => fields[name]?.source ?? []));
}

function timeoutsOf(fields: Effective): Timeouts {
  return defined<Timeouts>({
    requestMs: durationMs(fields['timeouts.request']?.value),
    idleMs: durationMs(fields['timeouts.idle']?.value),
    perTryMs: durationMs(fields['timeouts.perTry']?.value),
  });
}

function retriesOf(fields: Effective): Retries {
  const attempts = fields['retries.attempts']?.value ?? ATTEMPTS;
  if (attempts === 0) return { attempts, on: [], statusCodes: [] };
  const statusCodes = [...listOf(fields['retries.statusCodes']?.value)].sort((a, b) => a - b);
  const backoff = fields['retries.backoff']?.value;
  const baseMs = durationMs(backoff?.base);
  return defined<Retries>({
    attempts,
    on: conditionsOf(fields),
    statusCodes,
    backoff: baseMs === undefined ? undefined : defined({ baseMs, maxMs: durationMs(backoff?.max) }),
  });
}

/** The defaults of the schema. A back-off, a budget or the number of attempts alone does not say what is tried again. */
function conditionsOf(fields: Effective): readonly string[] {
  const named = textsOf(fields['retries.conditions']?.value);
  if (named.length > 0) return namesOf(named);
  if (fields['retries.statusCodes'] !== undefined) return [];
  const asked = (['retries.attempts', 'retries.backoff', 'retries.budget'] as const).some((name) => name in fields);
  return namesOf(asked ? ASKED : UNASKED);
}

function namesOf(conditions: readonly string[]): readonly string[] {
  const names = conditions.flatMap((name) =>
    Object.hasOwn(CONDITIONS, name) ? CONDITIONS[name as MeshPolicyRetriesCondition] : [],
  );
  return [...new Set(names)].sort();
}
