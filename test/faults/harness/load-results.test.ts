import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultOf, sentOf, together } from './load-results.ts';

const START = Date.parse('2026-11-23T09:00:00Z');

/** A line as `vegeta encode -to json` writes it. */
function line(
  seconds: number,
  parts: { readonly code?: number; readonly error?: string; readonly body?: string; readonly ms?: number },
) {
  const { code = 200, error = '', body = 'ok', ms = 1 } = parts;
  const timestamp = new Date(START + seconds * 1000).toISOString();
  const encoded = body === '' ? null : Buffer.from(body).toString('base64');
  return JSON.stringify({ code, timestamp, latency: ms * 1e6, error, body: encoded, url: 'http://10.96.0.1/' });
}

test('an answer of 2xx has succeeded, another one has failed with its status and its words', () => {
  assert.deepEqual(sentOf(line(0, { ms: 2.5 })), {
    at: START,
    milliseconds: 2.5,
    status: 200,
    body: 'ok',
    url: 'http://10.96.0.1/',
  });
  const failed = { code: 503, error: '503 Service Unavailable', body: 'no healthy\nupstream' };
  assert.equal(sentOf(line(0, failed)).reason, '503 no healthy upstream');
  assert.equal(sentOf(line(0, { code: 301, body: '' })).reason, '301');
});

test('a body that broke off is a failure, whatever its status', () => {
  assert.equal(sentOf(line(0, { error: 'unexpected EOF' })).reason, '200 ok');
});

test('a connection that failed has a reason without what differs between connections', () => {
  const reset = 'Post "http://10.96.0.1/": read tcp 10.244.3.2:41122->10.96.0.1:80: read: connection reset by peer';
  assert.equal(sentOf(line(0, { code: 0, error: reset, body: '' })).reason, 'read tcp: read: connection reset by peer');
  const refused = 'Post "http://10.96.0.1/": dial tcp 0.0.0.0:0->10.96.0.1:80: connect: connection refused';
  assert.equal(sentOf(line(0, { code: 0, error: refused, body: '' })).reason, 'dial tcp: connect: connection refused');
  assert.equal(sentOf(line(0, { code: 0, error: '', body: '' })).reason, 'no answer');
});

test('a span of time has its own counts, and latencies are those of what succeeded', () => {
  const lines = [line(2, { ms: 9 }), line(0, { ms: 1 }), line(1, { code: 503, ms: 5000 }), line(1, { code: 503 })];
  const requests = lines.map(sentOf);
  const all = resultOf(requests);
  assert.deepEqual([all.sent, all.succeeded, all.failed, all.reasons], [4, 2, 2, { '503 ok': 2 }]);
  assert.deepEqual(all.latency, { p50: 9, p99: 9, max: 9 });
  assert.deepEqual(
    all.requests.map(({ at }) => (at - START) / 1000),
    [0, 1, 1, 2],
  );
  const middle = resultOf(requests, START + 1000, START + 2000);
  assert.deepEqual([middle.sent, middle.failed, middle.latency.max], [2, 2, 0]);
  assert.equal(together([all, middle]).sent, 6);
});
