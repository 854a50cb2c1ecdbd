import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthorizationPolicy, InboundPolicy, Protocol, Workload } from '../../model/index.ts';
import { passthroughCluster } from '../cluster.ts';
import { workloadResources } from '../workload-resources.ts';
import { intakesOf } from '../workload-resources.ts';
import { inboundListener } from './inbound.ts';

const SETTINGS = { trustDomain: 'cluster.local', clusterDomain: 'cluster.local', serviceCidrs: ['10.96.0.0/12'] };
const USUAL: InboundPolicy = { mtls: 'permissive', authorization: [], causes: [] };

function workload(ports: Readonly<Record<number, Protocol>>, policy: Partial<InboundPolicy> = {}): Workload {
  return {
    key: 'shop/web/1',
    identity: { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: 'web' },
    ports: Object.entries(ports).map(([port, protocol]) => ({ ...USUAL, ...policy, port: Number(port), protocol })),
    other: { ...USUAL, ...policy },
  };
}

const filtersOf = (each: Workload) => JSON.stringify(inboundListener(intakesOf(each), SETTINGS).listenerFilters);

const nobodyReads: AuthorizationPolicy = {
  source: { kind: 'AuthorizationPolicy', namespace: 'shop', name: 'readers' },
  action: 'deny',
  mode: 'enforce',
  rules: [
    {
      name: 'rules[0]',
      from: [],
      to: [{ hosts: [], notHosts: [], methods: ['GET'], notMethods: [], paths: [], notPaths: [], headers: [] }],
    },
  ],
};

test('a policy changes chains and nothing else of the listener, so that it closes the connections of no other chain', () => {
  const ports = { 8080: 'http', 7070: 'tcp', 9000: 'sniff' } as const;
  const usual = filtersOf(workload(ports));
  assert.equal(filtersOf(workload(ports, { mtls: 'strict' })), usual);
  assert.equal(filtersOf(workload(ports, { authorization: [nobodyReads] })), usual);
  assert.equal(filtersOf(workload({ ...ports, 8081: 'http', 8082: 'grpc' })), usual, 'nor does another port of HTTP');
});

test("nobody gets to the proxy's own ports, whoever declares them", () => {
  const resources = workloadResources(
    workload({ 8080: 'http', 15000: 'http', 15001: 'tcp', 15006: 'sniff' }),
    SETTINGS,
  );
  const names = resources.map(({ name }) => name);
  assert.ok(names.includes('inbound/8080'));
  assert.deepEqual(
    names.filter((name) => name.startsWith('inbound/15')),
    [],
  );
  const listener = inboundListener(intakesOf(workload({})), SETTINGS);
  const refused = (listener.filterChains ?? []).flatMap(({ name = '' }) => (name.startsWith('refuse/') ? [name] : []));
  assert.deepEqual(refused, ['refuse/15000', 'refuse/15001', 'refuse/15006']);
});

test('a handshake that begins late, as on a busy node, is waited for as long as callers try to connect', () => {
  const listener = inboundListener(intakesOf(workload({ 8080: 'http' }, { mtls: 'strict' })), SETTINGS);
  const { connectTimeout } = passthroughCluster('any');
  assert.ok((listener.listenerFiltersTimeout?.seconds ?? 0n) >= (connectTimeout?.seconds ?? 0n));
  assert.equal(connectTimeout?.seconds, 5n);
});
