import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedProxies, replicaProxies } from './proxies-endpoint.ts';
import type { ProxySync } from './proxy-sync.ts';

const synced = (proxy: string): ProxySync => ({
  proxy,
  connected: true,
  types: [{ type: 'CDS', state: 'SYNCED', resources: 1 }],
});

test('a replica tells of the proxies that are connected to it, and which there should be', () => {
  assert.deepEqual(replicaProxies('a', ['shop/b', 'shop/a'], [], []), {
    instance: 'a',
    expected: ['shop/a', 'shop/b'],
    proxies: [],
  });
});

test('replicas together tell of every proxy once, connected to one of them or to none', () => {
  const expected = ['shop/a', 'shop/b', 'shop/c'];
  const merged = mergedProxies([
    { instance: '1', expected, proxies: [synced('shop/b')] },
    // One that its pods do not tell of yet.
    { instance: '2', expected, proxies: [synced('shop/a'), synced('shop/new')] },
  ]);
  assert.deepEqual(
    merged.map(({ connected, proxy }) => [proxy, connected]),
    [
      ['shop/a', true],
      ['shop/b', true],
      ['shop/c', false],
      ['shop/new', true],
    ],
  );
});
