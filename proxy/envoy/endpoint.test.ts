import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '../model/index.ts';
import { assignment } from './endpoint.ts';
import { ClusterLoadAssignmentSchema, create } from './proto/index.ts';

const at = (address: string, more: Partial<Endpoint> = {}): Endpoint => ({
  address,
  port: 80,
  health: 'healthy',
  mtls: false,
  ...more,
});
const zone = (region: string, name: string) => ({ locality: { region, zone: name } });
const EU1 = { region: 'eu', zone: '1' };

/** Addresses by priority; several localities of one priority are one. */
function priorities(...given: Parameters<typeof assignment>): string[] {
  const groups: string[][] = [];
  for (const { priority, lbEndpoints } of create(ClusterLoadAssignmentSchema, assignment(...given)).endpoints) {
    for (const { hostIdentifier } of lbEndpoints) {
      const address = hostIdentifier.case === 'endpoint' ? hostIdentifier.value.address?.address : undefined;
      (groups[priority] ??= []).push(address?.case === 'socketAddress' ? address.value.address : '');
    }
  }
  return groups.map((group) => group.sort().join(' '));
}

const EVERYWHERE = [at('a', zone('eu', '1')), at('b', zone('eu', '2')), at('c', zone('us', '1')), at('d')];

test('without a preference, or for a client whose place is not known, all are alike', () => {
  assert.deepEqual(priorities('x', EVERYWHERE, { client: EU1 }), ['a b c d']);
  assert.deepEqual(priorities('x', EVERYWHERE, { preference: { prefer: 'zone' } }), ['a b c d']);
});

test('near ones come first, without gaps', () => {
  const near = { preference: { prefer: 'zone' }, client: EU1 } as const;
  assert.deepEqual(priorities('x', EVERYWHERE, near), ['a', 'b', 'c d']);
  assert.deepEqual(priorities('x', EVERYWHERE.slice(2), near), ['c d']);
  assert.deepEqual(
    priorities('x', [at('z', zone('eu2', '1'))], near),
    ['z'],
    'another region with the same zone is far',
  );
  assert.deepEqual(priorities('x', EVERYWHERE, { ...near, preference: { prefer: 'region' } }), ['a b', 'c d']);
});

test('failover ends where it is told to', () => {
  const left = (prefer: 'zone' | 'region', failover: 'region' | 'never') =>
    priorities('x', EVERYWHERE, { preference: { prefer, failover }, client: EU1 });
  assert.deepEqual(left('zone', 'region'), ['a', 'b']);
  assert.deepEqual(left('zone', 'never'), ['a']);
  assert.deepEqual(left('region', 'never'), ['a b']);
  assert.deepEqual(left('region', 'region'), ['a b']);
});

test('traffic goes farther below a share of healthy ones', () => {
  const factor = (failoverThresholdPercent?: number) =>
    assignment('x', EVERYWHERE, {
      preference: { prefer: 'zone', ...(failoverThresholdPercent === undefined ? {} : { failoverThresholdPercent }) },
      client: EU1,
    }).policy?.overprovisioningFactor;
  assert.equal(factor(), 143);
  assert.equal(factor(50), 200);
  assert.equal(factor(100), 100);
});

test('draining endpoints are left out while there are others', () => {
  const leaving = { health: 'draining' } as const;
  assert.deepEqual(priorities('x', [at('a', leaving), at('b')]), ['b']);
  assert.deepEqual(priorities('x', [at('a', leaving), at('b', leaving)]), ['a b']);
  assert.deepEqual(priorities('x', []), []);
});

test('an endpoint that takes mTLS is in another locality than one that does not', () => {
  const endpoints = assignment('x', [at('a'), at('b', { mtls: true })]).endpoints ?? [];
  assert.deepEqual(
    endpoints.map(({ locality }) => locality?.region),
    ['mtls', undefined],
  );
});

test('what endpoints leave of a hash ring keeps the points of each the same', () => {
  const weights = (count: number) => {
    const endpoints = Array.from({ length: count }, (_, index) => at(`10.0.0.${index}`, { mtls: index % 2 === 0 }));
    return (assignment('x', endpoints, { spare: true }).endpoints ?? []).map((group) => group.loadBalancingWeight ?? 0);
  };
  for (const count of [2, 3, 10, 63]) {
    assert.equal(weights(count).length, 3);
    assert.equal(
      weights(count).reduce((sum, weight) => sum + weight, 0),
      64,
      `${count}`,
    );
  }
  assert.deepEqual(weights(1), [1]);
  assert.deepEqual(weights(64), [32, 32]);
  assert.deepEqual(weights(65), [33, 32]);
});

test('the order of the endpoints means nothing', () => {
  const shuffled = [EVERYWHERE[2], EVERYWHERE[0], EVERYWHERE[3], EVERYWHERE[1]].flatMap((each) => each ?? []);
  assert.deepEqual(assignment('x', shuffled), assignment('x', EVERYWHERE));
});
