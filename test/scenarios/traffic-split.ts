import assert from 'node:assert/strict';
import { assertShare } from '../integration/envoy/harness/binomial.ts';
import { CATALOG, countBy, meshObject, policies, policy, REVIEWS, servedBy, withSpec } from './bookstore.ts';
import type { CallResult } from './calls.ts';
import type { Scenario } from './scenario.ts';

const CANARY = 'reviews-canary.yaml';

const versionOf = (result: CallResult): string => servedBy(result).version;

/** Where traffic goes. */
export const trafficSplitScenarios: readonly Scenario[] = [
  {
    name: 'one request in ten goes to the canary, and the others to all pods of the old version',
    objects: () => policies(CANARY),
    run: async (mesh) => {
      const results = await mesh.callMany('storefront', REVIEWS, 500);
      assertShare(countBy(results, versionOf).get('v2') ?? 0, results.length, 0.1, 'requests for v2');
      const pods = countBy(results, (result) => servedBy(result).pod);
      assert.deepEqual(
        [...pods.keys()].sort(),
        (await mesh.replicas('reviews')).map(({ name }) => name),
      );
    },
  },
  {
    name: 'other weights hold as soon as the status says so',
    objects: () => policies(CANARY),
    run: async (mesh, scope) => {
      const canary = await policy(CANARY, 'reviews');
      const backend = (version: string, weight: number) => ({ name: version, labels: { version }, weight });
      for (const [v1, v2] of [
        [0, 100],
        [100, 0],
      ] as const) {
        await scope.enforce(withSpec(canary, { backends: [backend('v1', v1), backend('v2', v2)] }));
        const results = await mesh.callMany('shopper', REVIEWS, 60);
        assert.deepEqual(Object.fromEntries(countBy(results, versionOf)), { [v1 === 0 ? 'v2' : 'v1']: 60 });
      }
    },
  },
  {
    name: 'only requests with a header are split, the rest goes to everybody',
    objects: async () => [
      withSpec(await policy(CANARY, 'reviews'), {
        backends: [{ name: 'v2', labels: { version: 'v2' }, weight: 1 }],
        match: [{ headers: [{ name: 'x-canary', value: 'yes' }] }],
      }),
    ],
    run: async (mesh) => {
      const chosen = await mesh.callMany('storefront', { ...REVIEWS, headers: { 'x-canary': 'yes' } }, 60);
      assert.deepEqual(Object.fromEntries(countBy(chosen, versionOf)), { v2: 60 });
      for (const headers of [{}, { 'x-canary': 'no' }]) {
        const rest = await mesh.callMany('storefront', { ...REVIEWS, headers }, 60);
        assert.deepEqual([...countBy(rest, versionOf).keys()].sort(), ['v1', 'v2']);
      }
    },
  },
  {
    name: 'a part of the traffic goes to another Service',
    objects: () =>
      Promise.resolve([
        meshObject('TrafficSplit', 'catalog', {
          service: 'catalog',
          backends: [
            { name: 'own', service: 'catalog', weight: 3 },
            { name: 'other', service: 'reviews', weight: 1 },
          ],
        }),
      ]),
    run: async (mesh) => {
      const results = await mesh.callMany('storefront', { ...CATALOG, path: '/health' }, 400);
      const services = countBy(results, (result) => servedBy(result).service);
      assert.deepEqual([...services.keys()].sort(), ['catalog', 'reviews']);
      assertShare(services.get('reviews') ?? 0, results.length, 0.25, 'requests for the other Service');
    },
  },
  {
    name: 'who comes with the same header stays with the same version',
    objects: async () => [
      withSpec(await policy(CANARY, 'reviews'), {
        backends: [
          { name: 'v1', labels: { version: 'v1' }, weight: 1 },
          { name: 'v2', labels: { version: 'v2' }, weight: 1 },
        ],
        sticky: { header: { name: 'x-user' } },
      }),
    ],
    run: async (mesh) => {
      const seen = new Set<string>();
      for (let user = 0; user < 30; user += 1) {
        const results = await mesh.callMany('storefront', { ...REVIEWS, headers: { 'x-user': `user-${user}` } }, 4);
        const versions = countBy(results, versionOf);
        assert.equal(versions.size, 1, `user-${user} saw ${JSON.stringify([...versions])}`);
        for (const version of versions.keys()) seen.add(version);
      }
      assert.deepEqual([...seen].sort(), ['v1', 'v2']);
    },
  },
  {
    name: 'a mirror gets a copy of the requests, and its answers are nobody’s',
    objects: async () => [
      withSpec(await policy(CANARY, 'reviews'), {
        backends: [{ name: 'v1', labels: { version: 'v1' }, weight: 1 }],
        mirror: { labels: { version: 'v2' }, percent: 100 },
      }),
    ],
    run: async (mesh) => {
      const path = `/books/mirrored-${Date.now()}/reviews`;
      const results = await mesh.callMany('storefront', { ...REVIEWS, path }, 20);
      assert.deepEqual(Object.fromEntries(countBy(results, versionOf)), { v1: 20 });
      const copies = await mesh.eventually('the mirror has 20 requests', async () => {
        const mirrors = (await mesh.replicas('reviews')).filter(({ labels }) => labels['version'] === 'v2');
        const logs = await Promise.all(mirrors.map((replica) => mesh.driver.accessLog(replica)));
        const found = logs.flat().filter((entry) => entry.direction === 'inbound' && entry.path === path);
        return found.length >= 20 ? found : undefined;
      });
      assert.deepEqual(
        copies.map(({ peer, status }) => [peer, status]),
        Array.from({ length: 20 }, () => [mesh.identityOf('storefront'), 200]),
      );
    },
  },
];
