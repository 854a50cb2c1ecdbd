import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration } from './proto/index.ts';
import { retryPolicy } from './retry-policy.ts';

test('without a word, only what cannot have reached the application is retried', () => {
  const policy = retryPolicy(undefined);
  assert.equal(policy?.retryOn, 'connect-failure,refused-stream');
  assert.equal(policy?.numRetries, 2);
});

test('no attempts, or nothing to retry on, is no policy, but for the limit of a try', () => {
  assert.equal(retryPolicy({ attempts: 0, on: ['5xx'], statusCodes: [] }), undefined);
  assert.equal(retryPolicy({ attempts: 2, on: [], statusCodes: [] }), undefined);
  const policy = retryPolicy({ attempts: 0, on: ['5xx'], statusCodes: [] }, { perTryMs: 250 });
  assert.deepEqual(policy, { numRetries: 0, perTryTimeout: duration(250) });
});

test('status codes are a condition of their own, and in order', () => {
  const policy = retryPolicy({ attempts: 1, on: ['unavailable', '5xx', '5xx'], statusCodes: [429, 409, 429] });
  assert.equal(policy?.retryOn, '5xx,unavailable,retriable-status-codes');
  assert.deepEqual(policy?.retriableStatusCodes, [409, 429]);
});

test('a time-out of 0 is none', () => {
  assert.equal(retryPolicy(undefined, { perTryMs: 0 })?.perTryTimeout, undefined);
});
