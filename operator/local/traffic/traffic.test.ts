import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AccessLogEntry, parseAccessLogLine } from './access-log-entry.ts';
import { percentile } from './percentile.ts';
import { deniedBy, type Party, trafficEvent, type TrafficEvent } from './traffic-event.ts';
import { TrafficWindow } from './traffic-window.ts';

const frontend: Party = { name: 'frontend', namespace: 'shop', version: '', meshed: true };
const reviews: Party = { name: 'reviews', namespace: 'shop', version: 'v2', meshed: true };
const legacy: Party = { name: 'legacy', namespace: 'shop', version: '', meshed: false };
const PARTIES = new Map([
  ['127.8.4.1', frontend],
  ['127.8.8.1', reviews],
  ['127.8.12.1', legacy],
]);
const parties = { at: (address: string) => PARTIES.get(address) };

const outbound: AccessLogEntry = {
  direction: 'outbound',
  subject: 'http',
  cluster: 'shop/reviews:80|version=v2',
  upstream: '127.8.8.1:9080',
  status: 200,
  durationMs: 12,
};
const inbound: AccessLogEntry = {
  direction: 'inbound',
  subject: 'http',
  source: '127.8.4.1:40000',
  peer: 'spiffe://cluster.local/ns/shop/sa/frontend',
  status: 200,
};

function event(change: Partial<TrafficEvent> = {}): TrafficEvent {
  const key = { source: 'a', destination: 'b', version: 'v1' };
  return { key, counted: true, success: true, durationMs: 10, retried: false, ...change };
}

test('a line of the access log is read, and other lines are not', () => {
  const line =
    '{"direction":"outbound","subject":"http","status":503,"flags":"UF,URX","upstream":"-","durationMs":"7"}';
  assert.deepEqual(parseAccessLogLine(line), {
    direction: 'outbound',
    subject: 'http',
    status: 503,
    flags: 'UF,URX',
    durationMs: 7,
  });
  for (const other of ['{"a":1}', 'text', '[]', '{"direction":"sideways","subject":"http"}'])
    assert.equal(parseAccessLogLine(other), undefined);
});

test('a call between two proxies counts once, at the caller', () => {
  const atCaller = trafficEvent(outbound, frontend, parties);
  const atServer = trafficEvent(inbound, reviews, parties);
  assert.deepEqual(atCaller?.key, { source: 'frontend', destination: 'reviews', version: 'v2' });
  assert.deepEqual(atServer?.key, atCaller?.key);
  assert.deepEqual([atCaller?.counted, atServer?.counted], [true, false]);
  assert.deepEqual(atServer?.identity, { kind: 'mtls', spiffe: 'spiffe://cluster.local/ns/shop/sa/frontend' });
});

test('a call of somebody without a proxy counts at the server', () => {
  const { peer: _, ...plain } = inbound;
  const fromPod = trafficEvent({ ...plain, source: '127.8.12.1:5' }, reviews, parties);
  assert.deepEqual([fromPod?.key.source, fromPod?.counted, fromPod?.identity], ['legacy', true, { kind: 'plaintext' }]);
  const fromOutside = trafficEvent({ ...plain, source: '127.0.0.1:5' }, reviews, parties);
  assert.deepEqual([fromOutside?.key.source, fromOutside?.counted], ['outside', true]);
});

test('a call that reached nobody is told of with its Service', () => {
  const { upstream: _, ...failed } = { ...outbound, status: 503, flags: 'UH' };
  const found = trafficEvent(failed, frontend, parties);
  assert.deepEqual(found?.key, { source: 'frontend', destination: 'reviews', version: '' });
  assert.equal(found?.success, false);
});

test('a TCP connection is told of while it is open', () => {
  const self = { ...frontend, identity: 'spiffe://x/ns/shop/sa/frontend' };
  const { status: _, ...connection } = {
    ...outbound,
    subject: 'tcp',
    source: '127.8.4.2:5',
    upstreamPeer: 'x',
  } as const;
  const told = (phase: string) => {
    const found = trafficEvent({ ...connection, phase }, self, parties);
    return [found?.counted, found?.connection?.open, found?.identity];
  };
  const identity = { kind: 'mtls', spiffe: self.identity };
  assert.deepEqual(told('TcpUpstreamConnected'), [true, true, identity]);
  assert.deepEqual(told('TcpPeriodic'), [false, true, identity]);
  assert.deepEqual(told('TcpConnectionEnd'), [false, false, identity]);
  const refused = trafficEvent({ ...connection, phase: 'TcpConnectionEnd', flags: 'UF' }, self, parties);
  assert.deepEqual([refused?.counted, refused?.success], [true, false]);
});

test('open connections are counted until they end, or nobody tells of them any more', () => {
  const window = new TrafficWindow(10_000);
  const connection = (id: string, open: boolean, at: number) =>
    window.add(event({ counted: false, connection: { id, open } }), at);
  const open = (now: number) => window.rows(now).map(({ connections }) => connections);
  connection('a', true, 1000);
  connection('b', true, 1000);
  connection('a', true, 3000);
  assert.deepEqual(open(3000), [2]);
  connection('b', false, 4000);
  assert.deepEqual(open(5000), [1]);
  assert.deepEqual(open(13_500), [0]);
});

test('server errors are failures, in HTTP, gRPC and TCP, and a denial is none', () => {
  const success = (change: Partial<AccessLogEntry>) =>
    trafficEvent({ ...outbound, ...change }, frontend, parties)?.success;
  assert.equal(success({ status: 404 }), true);
  assert.equal(success({ status: 503 }), false);
  assert.equal(success({ status: 0 }), false);
  assert.equal(success({ grpcStatus: 5 }), true);
  assert.equal(success({ grpcStatus: 14 }), false);
  assert.equal(success({ subject: 'tcp' }), true);
  assert.equal(success({ subject: 'tcp', flags: 'UF' }), false);
  const denied = trafficEvent(
    { ...inbound, status: 403, details: 'rbac_access_denied_matched_policy[deny:shop/x[rules[0]]]' },
    reviews,
    parties,
  );
  assert.deepEqual([denied?.success, denied?.denied], [true, 'deny:shop/x[rules[0]]']);
});

test('only a refusal by a policy names one', () => {
  assert.equal(deniedBy('rbac_access_denied_matched_policy[no-allow:shop/a,shop/b]'), 'no-allow:shop/a,shop/b');
  assert.equal(deniedBy('via_upstream'), undefined);
  assert.equal(deniedBy(undefined), undefined);
});

test('the percentile is the smallest value that so many do not exceed', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.deepEqual([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)], [50, 99, 100]);
  assert.deepEqual([percentile([7], 0.5), percentile([7], 0.99), percentile([], 0.5)], [7, 7, 0]);
});

test('a window knows rates, success and latencies of its last seconds, or of as many as there have been', () => {
  const window = new TrafficWindow(10_000);
  for (let count = 0; count < 50; count += 1)
    window.add(event({ durationMs: count, success: count !== 0, retried: count === 1 }), 100_000 + count * 100);
  const [row] = window.rows(105_000);
  assert.deepEqual(
    [row?.requests, row?.requestsPerSecond, row?.success, row?.p50, row?.p99, row?.retries],
    [50, 10, 0.98, 24, 49, 1],
  );
  assert.deepEqual(
    window.rows(112_500).map(({ requests, p50 }) => [requests, p50]),
    [[20, 39]],
  );
  assert.deepEqual(
    window.rows(120_000).map(({ requests, success }) => [requests, success]),
    [[0, undefined]],
  );
  assert.deepEqual(window.rows(140_000), []);
});

test('a refusal is shown as long as it is in the window, an identity for as long as the row', () => {
  const window = new TrafficWindow(10_000);
  const identity = { kind: 'mtls', spiffe: 'spiffe://x/ns/a/sa/b' } as const;
  window.add(event({ counted: false, identity, denied: 'deny:a/b[rules[0]]', wouldDeny: 'deny:c/d[x]' }), 1000);
  const shown = (now: number) =>
    window.rows(now).map((row) => [row.requests, row.identity, row.denials, row.denied, row.wouldDeny]);
  assert.deepEqual(shown(2000), [[0, 'spiffe://x/ns/a/sa/b', 1, 'deny:a/b[rules[0]]', 'deny:c/d[x]']]);
  assert.deepEqual(shown(12_000), [[0, 'spiffe://x/ns/a/sa/b', 0, '', '']]);
});

test('rows are sorted by who calls whom', () => {
  const window = new TrafficWindow();
  const key = (source: string, destination: string, version: string) =>
    event({ key: { source, destination, version } });
  for (const each of [key('b', 'a', ''), key('a', 'b', 'v2'), key('a', 'b', 'v1')]) window.add(each, 1);
  assert.deepEqual(
    window.rows(2).map(({ source, destination, version }) => source + destination + version),
    ['abv1', 'abv2', 'ba'],
  );
});
