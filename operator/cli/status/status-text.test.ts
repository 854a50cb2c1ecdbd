import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectStatus, ProxySync } from '../../local/status/status-report.ts';
import { isWell, statusText } from './status-text.ts';

type Change = Partial<ObjectStatus['conditions'][number]>;

function split(programmed: Change = {}): ObjectStatus {
  const good = { status: 'True', message: '' } as const;
  return {
    kind: 'TrafficSplit',
    namespace: 'shop',
    name: 'reviews',
    generation: 2,
    conditions: [
      { type: 'Accepted', reason: 'Accepted', ...good },
      { type: 'ResolvedRefs', reason: 'ResolvedRefs', ...good },
      { type: 'Programmed', reason: 'Programmed', ...good, ...programmed },
    ],
    proxies: { total: 3, programmed: 2, rejected: 1 },
  };
}

const synced: ProxySync = {
  proxy: 'shop/web-0',
  connected: true,
  types: [{ type: 'RDS', state: 'SYNCED', resources: 4 }],
};

test('objects and proxies are told of in tables', () => {
  const text = statusText({ objects: [split()], proxies: [synced] }, 'none');
  assert.deepEqual(
    text.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  ')),
    [
      'KIND  NAMESPACE  NAME  ACCEPTED  RESOLVED  PROGRAMMED  PROXIES  REASON',
      'TrafficSplit  shop  reviews  True  True  True  2/3  Programmed',
      '',
      'PROXY  LDS  SRDS  RDS  CDS  EDS  SDS',
      'shop/web-0  -  -  SYNCED (4)  -  -  -',
      '',
    ],
  );
});

test("what is wrong is told of in the status's and in Envoy's own words", () => {
  const refused = { type: 'RDS', state: 'NACK', resources: 4, error: 'shop/web:80: unknown cluster' } as const;
  const report = {
    objects: [split({ status: 'False', reason: 'RejectedByProxy', message: 'unknown cluster' })],
    proxies: [
      { ...synced, types: [refused] },
      { proxy: 'shop/gone-0', connected: false, types: [] },
    ],
  };
  const text = statusText(report, 'none');
  assert.match(text, /False +2\/3 +RejectedByProxy/);
  assert.match(text, /TrafficSplit shop\/reviews: Programmed: unknown cluster/);
  assert.match(text, /shop\/web-0 refuses RDS shop\/web:80: unknown cluster/);
  assert.match(text, /shop\/gone-0 +not connected/);
});

test('all is well when every object is in force and every proxy in sync', () => {
  assert.ok(isWell({ objects: [split()], proxies: [synced] }));
  assert.ok(!isWell({ objects: [split({ status: 'Unknown' })], proxies: [synced] }));
  assert.ok(!isWell({ objects: [split()], proxies: [{ ...synced, connected: false }] }));
  const stale = { ...synced, types: [{ type: 'RDS', state: 'STALE', resources: 1 } as const] };
  assert.ok(!isWell({ objects: [split()], proxies: [stale] }));
});

test('a replica of the local mode is told of with its addresses, and why it is not ready', () => {
  const replica = {
    pod: 'shop/web-0',
    ready: false,
    terminating: false,
    why: 'main: starting',
    meshed: true,
    labels: {},
    address: '127.8.4.1',
    application: '127.8.4.2:8080',
    admin: '127.8.4.3:15000',
    processes: [],
  };
  const text = statusText({ objects: [], proxies: [], replicas: [replica] }, 'none');
  assert.match(text, /shop\/web-0 +no +127\.8\.4\.1 +127\.8\.4\.2:8080 +127\.8\.4\.3:15000/);
  assert.match(text, /shop\/web-0 is not ready: main: starting/);
});

test('a cluster tells of objects alone', () => {
  assert.ok(!statusText({ objects: [split()] }, 'none').includes('PROXY '));
  assert.match(statusText({ objects: [] }, 'none'), /^no MeshPolicy/);
});
