import assert from 'node:assert/strict';
import { CATALOG, checked, INVENTORY, REVIEWS, servedBy } from './bookstore.ts';
import type { Scenario } from './scenario.ts';

/** Who calls whom, as the called see it. */
export const identityScenarios: readonly Scenario[] = [
  {
    name: 'a call between pods carries the SPIFFE ID of its caller, over HTTP and gRPC',
    run: async (mesh) => {
      for (const caller of ['storefront', 'shopper'] as const) {
        const [catalog, reviews, inventory] = await Promise.all([
          mesh.call(caller, CATALOG),
          mesh.call(caller, REVIEWS),
          mesh.call(caller, INVENTORY),
        ]);
        const peers = [servedBy(catalog).peer, servedBy(reviews).peer, checked(inventory).peer];
        assert.deepEqual(new Set(peers), new Set([mesh.identityOf(caller)]));
      }
    },
  },
  {
    name: 'a caller without a proxy has no identity, whatever its service account is',
    run: async (mesh) => {
      assert.equal(servedBy(await mesh.call('outsider', CATALOG)).peer, null);
      assert.equal(checked(await mesh.call('outsider', INVENTORY)).peer, '');
    },
  },
  {
    name: 'nobody becomes somebody else by a header',
    run: async (mesh) => {
      const forged = { 'x-forwarded-client-cert': `By=x;Hash=00;URI=${mesh.identityOf('storefront')}` };
      const call = { ...CATALOG, headers: forged };
      assert.equal(servedBy(await mesh.call('shopper', call)).peer, mesh.identityOf('shopper'));
      assert.equal(servedBy(await mesh.call('outsider', call)).peer, null);
    },
  },
];
