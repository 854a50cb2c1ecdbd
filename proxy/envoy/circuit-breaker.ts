import type { Init } from './init.ts';
import type { CircuitBreaker, OutlierDetection, RetryBudget } from '../model/index.ts';
import { type CircuitBreakersSchema, duration, type OutlierDetectionSchema } from './proto/index.ts';

/** Envoy's own limit of 1,024 would surprise whoever did not set one, so that none is the largest number. */
export const UNLIMITED = 0xffff_ffff;

const DEFAULT_CONSECUTIVE_ERRORS = 5;
const DEFAULT_INTERVAL_MS = 10_000;
const DEFAULT_BASE_EJECTION_MS = 30_000;
const DEFAULT_MAX_EJECTION_MS = 300_000;
const DEFAULT_MAX_EJECTION_PERCENT = 10;
const DEFAULT_MIN_HEALTH_PERCENT = 50;

/** Limits of what one proxy sends to a cluster at once. A retry budget takes the place of the number of retries. */
export function circuitBreakers(limits: CircuitBreaker, budget?: RetryBudget): Init<typeof CircuitBreakersSchema> {
  return {
    thresholds: [
      {
        maxConnections: limits.maxConnections ?? UNLIMITED,
        maxPendingRequests: limits.maxPendingRequests ?? UNLIMITED,
        maxRequests: limits.maxRequests ?? UNLIMITED,
        maxRetries: limits.maxRetries ?? UNLIMITED,
        ...(budget === undefined
          ? {}
          : { retryBudget: { budgetPercent: { value: budget.percent }, minRetryConcurrency: budget.minConcurrent } }),
      },
    ],
  };
}

/** Only what was asked for ejects: Envoy's statistical detectors, on by default, are off. */
export function outlierDetection(outlier: OutlierDetection): Init<typeof OutlierDetectionSchema> {
  const errors = outlier.consecutiveErrors ?? DEFAULT_CONSECUTIVE_ERRORS;
  const gatewayErrors = outlier.consecutiveGatewayErrors ?? 0;
  const baseMs = outlier.baseEjectionMs ?? DEFAULT_BASE_EJECTION_MS;
  return {
    ...(errors > 0 ? { consecutive5xx: errors } : {}),
    enforcingConsecutive5xx: errors > 0 ? 100 : 0,
    ...(gatewayErrors > 0 ? { consecutiveGatewayFailure: gatewayErrors } : {}),
    enforcingConsecutiveGatewayFailure: gatewayErrors > 0 ? 100 : 0,
    enforcingSuccessRate: 0,
    enforcingFailurePercentage: 0,
    interval: duration(outlier.intervalMs ?? DEFAULT_INTERVAL_MS),
    baseEjectionTime: duration(baseMs),
    maxEjectionTime: duration(Math.max(outlier.maxEjectionMs ?? DEFAULT_MAX_EJECTION_MS, baseMs)),
    maxEjectionPercent: outlier.maxEjectionPercent ?? DEFAULT_MAX_EJECTION_PERCENT,
    alwaysEjectOneHost: true,
  };
}

/** Share of healthy endpoints in percent under which ejected ones are used too; never without outlier detection. */
export function panicThreshold(outlier: OutlierDetection | undefined): number {
  return outlier === undefined ? 0 : (outlier.minHealthPercent ?? DEFAULT_MIN_HEALTH_PERCENT);
}
