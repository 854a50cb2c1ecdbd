import {
  type CircuitBreaker,
  type Connection,
  type LoadBalancer,
  type OutlierDetection,
  type RetryBudget,
  type SourceRef,
} from '@dot-kube/proxy/model';
import { defined } from '../defined.ts';
import { durationMs } from '../duration.ts';
import { objectOf } from '../lenient.ts';
import { CALLER_FIELDS } from './caller-fields.ts';
import type { Effective } from './caller-policy.ts';
import { type ClusterContext, loadBalancerOf } from './load-balancer-settings.ts';
import { sourcesOf } from './route-settings.ts';

/** What the clusters of a Service's port take from its policies. */
export interface ClusterSettings {
  readonly loadBalancer: LoadBalancer;
  readonly circuitBreaker: CircuitBreaker;
  readonly retryBudget?: RetryBudget;
  readonly connection: Connection;
  readonly causes: readonly SourceRef[];
}

/** The retries that a budget allows whatever its percentage. */
const MIN_CONCURRENT = 3;
const BASE_EJECTION_MS = 30_000;

const FIELDS = CALLER_FIELDS.filter((field) => !field.startsWith('timeouts.') && !field.startsWith('retries.'));

/** The settings of clusters. */
export function clusterSettings(fields: Effective, context: ClusterContext): ClusterSettings {
  return defined<ClusterSettings>({
    loadBalancer: loadBalancerOf(fields, context),
    circuitBreaker: circuitBreakerOf(fields),
    retryBudget: retryBudgetOf(fields),
    connection: connectionOf(fields),
    causes: sourcesOf(fields, [...FIELDS, 'retries.budget']),
  });
}

function circuitBreakerOf(fields: Effective): CircuitBreaker {
  return defined<CircuitBreaker>({
    maxConnections: fields['circuitBreaker.maxConnections']?.value,
    maxPendingRequests: fields['circuitBreaker.maxPendingRequests']?.value,
    maxRequests: fields['circuitBreaker.maxRequests']?.value,
    maxRetries: fields['circuitBreaker.maxRetries']?.value,
    maxRequestsPerConnection: fields['circuitBreaker.maxRequestsPerConnection']?.value,
    outlierDetection: outlierDetectionOf(fields),
  });
}

function outlierDetectionOf(fields: Effective): OutlierDetection | undefined {
  if (fields['circuitBreaker.outlierDetection'] === undefined) return undefined;
  const base = durationMs(fields['circuitBreaker.outlierDetection.baseEjectionTime']?.value);
  const max = durationMs(fields['circuitBreaker.outlierDetection.maxEjectionTime']?.value);
  return defined<OutlierDetection>({
    consecutiveErrors: fields['circuitBreaker.outlierDetection.consecutiveErrors']?.value,
    consecutiveGatewayErrors: fields['circuitBreaker.outlierDetection.consecutiveGatewayErrors']?.value,
    intervalMs: durationMs(fields['circuitBreaker.outlierDetection.interval']?.value),
    baseEjectionMs: base,
    // The two may come from different layers, and Envoy wants them in order.
    maxEjectionMs: max === undefined ? undefined : Math.max(max, base ?? BASE_EJECTION_MS),
    maxEjectionPercent: fields['circuitBreaker.outlierDetection.maxEjectionPercent']?.value,
    minHealthPercent: fields['circuitBreaker.outlierDetection.minHealthyPercent']?.value,
  });
}

function retryBudgetOf(fields: Effective): RetryBudget | undefined {
  const budget = objectOf(fields['retries.budget']?.value);
  if (budget === undefined) return undefined;
  return { percent: budget.percent, minConcurrent: budget.minConcurrent ?? MIN_CONCURRENT };
}

function connectionOf(fields: Effective): Connection {
  return defined<Connection>({
    connectMs: durationMs(fields['connection.connectTimeout']?.value),
    idleMs: durationMs(fields['connection.idleTimeout']?.value),
    maxDurationMs: durationMs(fields['connection.maxDuration']?.value),
    tcpKeepalive: tcpKeepaliveOf(fields),
    http2: http2Of(fields),
  });
}

function tcpKeepaliveOf(fields: Effective): Connection['tcpKeepalive'] {
  if (fields['connection.tcpKeepalive'] === undefined) return undefined;
  return defined<NonNullable<Connection['tcpKeepalive']>>({
    probes: fields['connection.tcpKeepalive.probes']?.value,
    timeSeconds: secondsOf(fields['connection.tcpKeepalive.time']?.value),
    intervalSeconds: secondsOf(fields['connection.tcpKeepalive.interval']?.value),
  });
}

/** The socket options of TCP are in whole seconds. */
function secondsOf(duration: string | undefined): number | undefined {
  const ms = durationMs(duration);
  return ms === undefined ? undefined : Math.ceil(ms / 1000);
}

function http2Of(fields: Effective): Connection['http2'] {
  const http2 = defined<NonNullable<Connection['http2']>>({
    maxConcurrentStreams: fields['connection.http2.maxConcurrentStreams']?.value,
    streamWindowBytes: fields['connection.http2.initialStreamWindowSize']?.value,
    connectionWindowBytes: fields['connection.http2.initialConnectionWindowSize']?.value,
  });
  return Object.keys(http2).length === 0 ? undefined : http2;
}
