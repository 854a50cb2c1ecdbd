import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import type { Algorithm } from '../model/index.ts';
import { loadBalancingPolicy, primeFrom } from './load-balancer.ts';
import { create, LoadBalancingPolicySchema, MaglevSchema, registry, RingHashSchema } from './proto/index.ts';

function unpacked(...given: Parameters<typeof loadBalancingPolicy>) {
  const [policy] = create(LoadBalancingPolicySchema, loadBalancingPolicy(...given)).policies;
  const config = policy?.typedExtensionConfig?.typedConfig;
  return config === undefined ? undefined : anyUnpack(config, registry());
}

test('a Maglev table has the size that was asked for, or the next one that Envoy takes', () => {
  assert.equal(primeFrom(65_537), 65_537);
  assert.equal(primeFrom(65_000), 65_003);
  assert.equal(primeFrom(1), 2);
  assert.equal(primeFrom(10_000_000), 5_000_011);
  const key = { kind: 'source-ip' } as const;
  assert.deepEqual(
    unpacked({ kind: 'maglev', key, tableSize: 8 }),
    create(MaglevSchema, {
      tableSize: 11n,
      consistentHashingLbConfig: {
        hashPolicy: [{ policySpecifier: { case: 'connectionProperties', value: { sourceIp: true } } }],
      },
    }),
  );
});

test('a hash ring with a spare share is larger by it', () => {
  const ring: Algorithm = { kind: 'ring-hash', key: { kind: 'header', name: 'X-A' }, minimumSize: 2000 };
  const sizeOf = (spare: boolean) => {
    const message = unpacked(ring, { spare });
    assert.ok(message?.$typeName === RingHashSchema.typeName);
    return [(message as { minimumRingSize?: bigint }).minimumRingSize, 'localityWeightedLbConfig' in message];
  };
  assert.deepEqual(sizeOf(false)[0], 2000n);
  assert.deepEqual(sizeOf(true), [16_000n, true]);
});

test('shares of localities are told to every algorithm', () => {
  for (const kind of ['least-request', 'round-robin', 'random'] as const) {
    const config = unpacked({ kind }, { weighted: true }) as { localityLbConfig?: unknown } | undefined;
    assert.ok(config?.localityLbConfig, kind);
    assert.equal((unpacked({ kind }) as { localityLbConfig?: unknown }).localityLbConfig, undefined);
  }
});
