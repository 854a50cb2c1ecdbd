import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HeldState, type ProxyStatus, type Quarantine, typeUrls } from '@dot-kube/proxy/xds';
import { proxySyncs } from '../../controllers/proxies/proxy-sync.ts';
import { isProgrammed, objectStatuses } from './status-report.ts';

const condition = (type: string, status: string, observedGeneration: number) => ({
  type,
  status,
  reason: 'Because',
  message: 'words',
  observedGeneration,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

function split(name: string, generation: number, observed: number) {
  const conditions = ['Ready', 'Accepted', 'ResolvedRefs', 'Programmed'].map((type) =>
    condition(type, 'True', observed),
  );
  return {
    apiVersion: 'mesh.dot-kube.io/v1alpha1',
    kind: 'TrafficSplit',
    metadata: { name, namespace: 'shop', generation },
    status: { conditions, proxies: { total: 3, programmed: 2, rejected: 1 } },
  };
}

test('an object is told of by the conditions of its own generation', () => {
  const [first, second, ...rest] = objectStatuses([split('b', 2, 1), split('a', 2, 2)]);
  assert.deepEqual(rest, []);
  assert.deepEqual([first?.name, second?.name], ['a', 'b']);
  assert.deepEqual(
    first?.conditions.map(({ type, status }) => [type, status]),
    [
      ['Accepted', 'True'],
      ['ResolvedRefs', 'True'],
      ['Programmed', 'True'],
    ],
  );
  assert.deepEqual(first?.proxies, { total: 3, programmed: 2, rejected: 1 });
  assert.ok(first !== undefined && isProgrammed(first));
  assert.ok(second !== undefined && !isProgrammed(second));
  assert.equal(second.conditions[0]?.status, 'Unknown');
});

test('an object that nobody has looked at is pending', () => {
  const [status] = objectStatuses([{ apiVersion: 'v1', kind: 'MeshPolicy', metadata: { name: 'x', generation: 1 } }]);
  assert.deepEqual(
    status?.conditions.map(({ reason }) => reason),
    ['Pending', 'Pending', 'Pending'],
  );
});

const held = (version: string): HeldState => ({ kind: 'entry', version, revision: 1, layer: 'mesh' });

function proxy(id: string, sent: string, acked: string, inFlight = 0): ProxyStatus {
  return {
    id,
    layers: [],
    node: undefined,
    remoteAddress: '',
    connectedAt: 0,
    bytesSent: 0,
    types: [
      {
        type: typeUrls.route,
        wildcard: false,
        requested: ['r'],
        resources: [{ name: 'r', sent: held(sent), acked: held(acked) }],
        inFlight,
        lastNack: undefined,
      },
    ],
  };
}

test('a proxy is in sync, behind, or has refused', () => {
  const refused = {
    type: typeUrls.route,
    name: 'r',
    layer: 'mesh',
    version: '2',
    error: 'no such cluster',
    proxy: 'c',
    heldAt: '1',
  } as Quarantine;
  const syncs = proxySyncs(
    ['gone', 'a'],
    [proxy('c', '1', '1'), proxy('a', '1', '1'), proxy('b', '2', '1'), proxy('d', '1', '1', 1)],
    [refused],
  );
  assert.deepEqual(
    syncs.map((sync) => [sync.proxy, sync.connected, sync.types.map(({ state, type }) => `${type} ${state}`).join()]),
    [
      ['a', true, 'RDS SYNCED'],
      ['b', true, 'RDS STALE'],
      ['c', true, 'RDS NACK'],
      ['d', true, 'RDS STALE'],
      ['gone', false, ''],
    ],
  );
  assert.equal(syncs[2]?.types[0]?.error, 'r: no such cluster');
});
