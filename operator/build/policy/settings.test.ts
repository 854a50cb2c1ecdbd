import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeshPolicySpec } from '../../api/index.ts';
import { callerFieldsOf } from './caller-fields.ts';
import type { Effective } from './caller-policy.ts';
import { clusterSettings } from './cluster-settings.ts';
import { routeSettings } from './route-settings.ts';

const source = { kind: 'MeshPolicy', namespace: 'shop', name: 'x' };
const plain = { protocol: 'http', preferNear: false, clientAffinity: false } as const;

function effective(spec: MeshPolicySpec): Effective {
  return Object.fromEntries(
    Object.entries(callerFieldsOf(spec)).map(([field, value]) => [field, { value, source }]),
  ) as Effective;
}

const retriesOf = (retries: MeshPolicySpec['retries']) =>
  routeSettings(effective(retries === undefined ? {} : { retries })).retries;

test('what cannot have reached the application is tried again without being asked for', () => {
  assert.deepEqual(retriesOf(undefined), { attempts: 2, on: ['connect-failure', 'refused-stream'], statusCodes: [] });
});

test('who asks for retries and says not which gets those of the schema', () => {
  const on = ['connect-failure', 'gateway-error', 'refused-stream', 'unavailable'];
  assert.deepEqual(retriesOf({ attempts: 5 }), { attempts: 5, on, statusCodes: [] });
  assert.deepEqual(retriesOf({ budget: { percent: 20 } }).on, on);
});

test('status codes alone are all that is tried again', () => {
  assert.deepEqual(retriesOf({ statusCodes: [503, 429] }), { attempts: 2, on: [], statusCodes: [429, 503] });
});

test('no attempts are no retries, whatever else is said', () => {
  assert.deepEqual(retriesOf({ attempts: 0, conditions: ['ServerError'], backoff: { base: '1s' } }), {
    attempts: 0,
    on: [],
    statusCodes: [],
  });
});

const algorithmOf = (loadBalancer: MeshPolicySpec['loadBalancer'], context = {}) =>
  clusterSettings(effective(loadBalancer === undefined ? {} : { loadBalancer }), { ...plain, ...context }).loadBalancer;

test('least request is the rule, and what a hash without a key falls back to', () => {
  assert.deepEqual(algorithmOf(undefined), { algorithm: { kind: 'least-request' } });
  assert.deepEqual(algorithmOf({ algorithm: 'RingHash' }), { algorithm: { kind: 'least-request' } });
  assert.deepEqual(algorithmOf({ algorithm: 'Maglev', hash: { header: 'x' } }, { protocol: 'tcp' }), {
    algorithm: { kind: 'least-request' },
  });
  assert.deepEqual(algorithmOf({ algorithm: 'Maglev', hash: { sourceIP: true } }, { protocol: 'tcp' }), {
    algorithm: { kind: 'maglev', key: { kind: 'source-ip' } },
  });
});

test('slow start goes with algorithms whose weights grow, and a window of no time turns it off', () => {
  const slowStart = { window: '1m', aggression: 2, minWeightPercent: 0 };
  const kept = { windowMs: 60_000, aggression: 2, minWeightPercent: 0 };
  assert.deepEqual(algorithmOf({ slowStart }).algorithm, { kind: 'least-request', slowStart: kept });
  assert.deepEqual(algorithmOf({ slowStart, algorithm: 'RoundRobin' }).algorithm, {
    kind: 'round-robin',
    slowStart: kept,
  });
  assert.deepEqual(algorithmOf({ slowStart }, { clientAffinity: true }).algorithm.kind, 'maglev');
  assert.deepEqual(algorithmOf({ slowStart, algorithm: 'Random' }).algorithm, { kind: 'random' });
  assert.deepEqual(algorithmOf({ slowStart: { ...slowStart, window: '0s' } }).algorithm, { kind: 'least-request' });
});

test('what the Service itself asks for holds until a policy says otherwise', () => {
  const affinity = { kind: 'maglev', key: { kind: 'source-ip' } };
  assert.deepEqual(algorithmOf(undefined, { clientAffinity: true }), { algorithm: affinity });
  assert.deepEqual(algorithmOf({ algorithm: 'Random' }, { clientAffinity: true }), { algorithm: { kind: 'random' } });
  const near = { prefer: 'zone', failoverThresholdPercent: 70 };
  assert.deepEqual(algorithmOf(undefined, { preferNear: true }).locality, near);
  assert.equal(algorithmOf({ locality: { preference: 'None' } }, { preferNear: true }).locality, undefined);
  assert.deepEqual(
    algorithmOf({ locality: { preference: 'Region', failover: 'Region', failoverThreshold: 1 } }).locality,
    {
      prefer: 'region',
      failoverThresholdPercent: 1,
      failover: 'region',
    },
  );
});

test('a cookie is made by the proxy only where its life time is given', () => {
  const maglev = (cookie: { name: string; path?: string; ttl?: string }) =>
    algorithmOf({ algorithm: 'Maglev', hash: { cookie } }).algorithm;
  assert.deepEqual(maglev({ name: 'c' }), { kind: 'maglev', key: { kind: 'cookie', name: 'c' } });
  const made = { kind: 'cookie', name: 'c', path: '/', ttlMs: 60_000 };
  assert.deepEqual(maglev({ name: 'c', ttl: '1m' }), { kind: 'maglev', key: made });
});

test('parts that are present but empty are turned on with their defaults', () => {
  const { circuitBreaker, connection, causes } = clusterSettings(
    effective({ circuitBreaker: { outlierDetection: {} }, connection: { tcpKeepalive: {} } }),
    plain,
  );
  assert.deepEqual(circuitBreaker, { outlierDetection: {} });
  assert.deepEqual(connection, { tcpKeepalive: {} });
  assert.deepEqual(causes, [source]);
});

test('the longest ejection is never shorter than the first, whichever layers they come from', () => {
  const limits = (outlierDetection: NonNullable<MeshPolicySpec['circuitBreaker']>['outlierDetection']) =>
    clusterSettings(effective({ circuitBreaker: { ...(outlierDetection && { outlierDetection }) } }), plain)
      .circuitBreaker.outlierDetection?.maxEjectionMs;
  assert.equal(limits({ baseEjectionTime: '1m', maxEjectionTime: '10s' }), 60_000);
  assert.equal(limits({ maxEjectionTime: '10s' }), 30_000);
  assert.equal(limits({ maxEjectionTime: '10m' }), 600_000);
});
