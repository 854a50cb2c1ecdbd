import assert from 'node:assert/strict';
import {
  CATALOG,
  checked,
  countBy,
  describeResult,
  INVENTORY,
  LEDGER,
  meshObject,
  policies,
  policy,
  REVIEWS,
  servedBy,
  withSpec,
} from './bookstore.ts';
import type { Scenario } from './scenario.ts';

const STRICT = 'strict-mtls.yaml';
const onCatalog = (spec: object) => ({ targetRefs: [{ kind: 'Service', name: 'catalog' }], ...spec });

/** How traffic behaves. */
export const meshPolicyScenarios: readonly Scenario[] = [
  {
    name: 'Strict refuses who has no proxy, for HTTP, gRPC and TCP, and one port may be left open',
    objects: async () => [
      ...(await policies(STRICT, 'strict')),
      withSpec(await policy(STRICT, 'storefront-for-everybody'), { selector: { matchLabels: { app: 'reviews' } } }),
    ],
    run: async (mesh) => {
      for (const call of [CATALOG, INVENTORY, LEDGER]) {
        // Who says nothing is refused when the proxy has waited for its first bytes long enough.
        const refused = await mesh.call('outsider', { ...call, timeoutMs: 15_000 });
        assert.equal(refused.status, -1, `${call.to}: ${describeResult(refused)}`);
        assert.match(refused.error ?? '', /ECONNRESET|ERR_HTTP2|socket hang up|closed/, describeResult(refused));
      }
      assert.equal(servedBy(await mesh.call('outsider', REVIEWS)).peer, null);
      for (const call of [CATALOG, REVIEWS]) {
        assert.equal(servedBy(await mesh.call('shopper', call)).peer, mesh.identityOf('shopper'));
      }
      assert.equal(checked(await mesh.call('shopper', INVENTORY)).peer, mesh.identityOf('shopper'));
      assert.equal((await mesh.call('shopper', LEDGER)).status, 0);
    },
  },
  {
    name: 'Permissive takes both, and Disabled has no identities',
    objects: () => Promise.resolve([meshObject('MeshPolicy', 'mtls', { mtls: { mode: 'Permissive' } })]),
    run: async (mesh, scope) => {
      assert.equal(servedBy(await mesh.call('outsider', CATALOG)).peer, null);
      assert.equal(servedBy(await mesh.call('storefront', CATALOG)).peer, mesh.identityOf('storefront'));
      await scope.enforce(meshObject('MeshPolicy', 'mtls', { mtls: { mode: 'Disabled' } }));
      assert.equal(servedBy(await mesh.call('outsider', CATALOG)).peer, null);
      assert.equal(servedBy(await mesh.call('storefront', CATALOG)).peer, null);
    },
  },
  {
    name: 'retries hide a replica that fails, which is then ejected',
    run: async (mesh, scope) => {
      const [broken] = await mesh.replicas('catalog');
      assert.ok(broken !== undefined);
      await mesh.withFaults(broken, 8080, { failRate: 1 }, async () => {
        const before = countBy(await mesh.callMany('storefront', CATALOG, 60), ({ status }) => String(status));
        assert.deepEqual([...before.keys()].sort(), ['200', '503'], 'without a policy the failures are seen');
        await scope.enforce(...(await policies('catalog-resilience.yaml')));
        const results = await mesh.callMany('storefront', CATALOG, 100);
        const failed = results.filter(({ status }) => status !== 200);
        // A retry picks the same replica again once in 64 times.
        assert.ok(failed.length <= 1, failed.map(describeResult).join('\n'));
        await mesh.eventually('the replica is ejected', async () => {
          const found = await mesh.callMany('storefront', CATALOG, 20);
          const attempts = await lastAttempts(mesh);
          return found.every(({ status }) => status === 200) && attempts.every((count) => count === 1)
            ? true
            : undefined;
        });
      });
    },
  },
  {
    name: 'a replica that is slow is given up, and another asked',
    objects: () => policies('catalog-resilience.yaml'),
    run: async (mesh) => {
      const [slow] = await mesh.replicas('catalog');
      assert.ok(slow !== undefined);
      await mesh.withFaults(slow, 8080, { delayMs: 3000 }, async () => {
        // Two at once: the budget of the policy leaves room for three retries.
        const results = await mesh.callMany('storefront', CATALOG, 12, 2);
        for (const result of results) {
          assert.notEqual(servedBy(result).pod, slow.name);
          assert.ok(result.durationMs < 2000, `it took ${result.durationMs} ms`);
        }
      });
    },
  },
  {
    name: 'a request that takes too long is answered with 504 in time',
    objects: () => Promise.resolve([meshObject('MeshPolicy', 'time', onCatalog({ timeouts: { request: '300ms' } }))]),
    run: async (mesh) => {
      const [one, two] = await mesh.replicas('catalog');
      assert.ok(one !== undefined && two !== undefined);
      const slow = { delayMs: 3000 };
      await mesh.withFaults(one, 8080, slow, () =>
        mesh.withFaults(two, 8080, slow, async () => {
          const result = await mesh.call('storefront', CATALOG);
          assert.equal(result.status, 504, describeResult(result));
          assert.ok(result.durationMs >= 290 && result.durationMs < 2000, `after ${result.durationMs} ms`);
        }),
      );
    },
  },
  {
    name: 'faults on purpose: an abort for all, then a delay',
    objects: () => {
      const selector = { matchLabels: { app: 'reviews' } };
      const abort = { percent: 100, httpStatus: 418 };
      return Promise.resolve([meshObject('MeshPolicy', 'fault', { selector, fault: { abort } })]);
    },
    run: async (mesh, scope) => {
      const aborted = await mesh.call('storefront', REVIEWS);
      assert.equal(aborted.status, 418, describeResult(aborted));
      assert.equal((await mesh.call('storefront', CATALOG)).status, 200);
      const selector = { matchLabels: { app: 'reviews' } };
      const delay = { percent: 100, duration: '400ms' };
      await scope.enforce(meshObject('MeshPolicy', 'fault', { selector, fault: { delay } }));
      const delayed = await mesh.call('storefront', REVIEWS);
      servedBy(delayed);
      assert.ok(delayed.durationMs >= 400, `after ${delayed.durationMs} ms`);
    },
  },
];

/** How often the caller's proxy asked for each of its latest requests to the catalog. */
async function lastAttempts(mesh: Parameters<Scenario['run']>[0]): Promise<readonly number[]> {
  const [caller] = await mesh.driver.replicas('caller', 'storefront');
  assert.ok(caller !== undefined);
  const log = await mesh.driver.accessLog(caller);
  const calls = log.filter(({ cluster, direction }) => direction === 'outbound' && cluster?.includes('/catalog:'));
  return calls.slice(-20).map(({ attempts }) => attempts ?? 1);
}
