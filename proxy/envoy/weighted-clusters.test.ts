import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { scaleWeights, weightedClusters } from './weighted-clusters.ts';

test('weights stay what they are where they are drawn, and are scaled where a hash chooses', () => {
  const backends = [
    { cluster: 'b', weight: 1 },
    { cluster: 'a', weight: 3 },
  ];
  const drawn = weightedClusters(backends, undefined);
  assert.deepEqual(
    drawn.clusters?.map(({ name, weight }) => [name, weight]),
    [
      ['a', 3],
      ['b', 1],
    ],
  );
  assert.equal(drawn.randomValueSpecifier, undefined);
  const hashed = weightedClusters(backends, { kind: 'header', name: 'x' });
  assert.deepEqual(
    hashed.clusters?.map(({ name, weight }) => [name, weight]),
    [
      ['a', 750_000],
      ['b', 250_000],
    ],
  );
  assert.deepEqual(hashed.randomValueSpecifier, { case: 'useHashPolicy', value: { value: true } });
});

test('a cookie is set by whom it names, and percent signs in it are no variables', () => {
  const cookie = { kind: 'cookie', name: 'v%', path: '/a', ttlMs: 1500 } as const;
  const { clusters } = weightedClusters([{ cluster: 'a', weight: 1, name: 'canary' }], cookie);
  const [header] = clusters?.[0]?.responseHeadersToAdd ?? [];
  assert.deepEqual(header?.header, { key: 'set-cookie', value: 'v%%=canary; Path=/a; Max-Age=2; HttpOnly' });
});

test('scaled weights add up to a million, lose nobody and keep proportions', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 16 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      fc.pre(total > 0);
      const scaled = scaleWeights(weights);
      const sum = scaled.reduce((all, weight) => all + weight, 0);
      // Who has next to nothing gets one in a million, which the sum may show.
      assert.ok(sum >= 1_000_000 && sum <= 1_000_000 + weights.length, `${sum}`);
      for (const [index, weight] of weights.entries()) {
        const share = scaled[index] ?? -1;
        assert.equal(share === 0, weight === 0);
        assert.ok(Math.abs(share - (weight / total) * 1_000_000) <= weights.length + 1);
      }
    }),
  );
});
