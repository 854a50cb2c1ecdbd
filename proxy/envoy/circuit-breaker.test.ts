import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circuitBreakers, outlierDetection, panicThreshold, UNLIMITED } from './circuit-breaker.ts';
import { duration } from './proto/index.ts';

test('what nobody limited is not limited by Envoy', () => {
  const [threshold] = circuitBreakers({}).thresholds ?? [];
  assert.deepEqual(threshold, {
    maxConnections: UNLIMITED,
    maxPendingRequests: UNLIMITED,
    maxRequests: UNLIMITED,
    maxRetries: UNLIMITED,
  });
});

test('a limit of 0 is a limit', () => {
  assert.equal(circuitBreakers({ maxRetries: 0 }).thresholds?.[0]?.maxRetries, 0);
});

test('only what was asked for ejects', () => {
  const usual = outlierDetection({});
  assert.equal(usual.consecutive5xx, 5);
  assert.equal(usual.enforcingConsecutive5xx, 100);
  assert.equal(usual.enforcingConsecutiveGatewayFailure, 0);
  assert.equal(usual.enforcingSuccessRate, 0);
  assert.equal(usual.maxEjectionPercent, 10);
  assert.equal(usual.alwaysEjectOneHost, true);
  const gateway = outlierDetection({ consecutiveErrors: 0, consecutiveGatewayErrors: 3 });
  assert.equal(gateway.enforcingConsecutive5xx, 0);
  assert.equal(gateway.consecutive5xx, undefined, 'Envoy refuses 0');
  assert.equal(gateway.enforcingConsecutiveGatewayFailure, 100);
});

test('an ejection may last as long as it was asked to, whatever the usual maximum', () => {
  assert.deepEqual(outlierDetection({}).maxEjectionTime, duration(300_000));
  assert.deepEqual(outlierDetection({ baseEjectionMs: 600_000 }).maxEjectionTime, duration(600_000));
});

test('endpoints that may not be used are not, unless they were ejected and too few are left', () => {
  assert.equal(panicThreshold(undefined), 0);
  assert.equal(panicThreshold({}), 50);
  assert.equal(panicThreshold({ minHealthPercent: 0 }), 0);
});
