import assert from 'node:assert/strict';
import { deniedBy } from '../../operator/local/traffic/traffic-event.ts';
import {
  CATALOG,
  checked,
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
import type { ScenarioMesh } from './scenario-mesh.ts';

const WHO = 'who-may-call.yaml';
/** gRPC: permission denied. */
const DENIED = 7;

/** Who may. */
export const authorizationScenarios: readonly Scenario[] = [
  {
    name: 'an Allow policy lets in those that it names, by their SPIFFE ID, and nobody else',
    objects: () => policies(WHO, 'catalog-for-storefront'),
    run: async (mesh) => {
      assert.equal(servedBy(await mesh.call('storefront', CATALOG)).peer, mesh.identityOf('storefront'));
      await assertRefused(mesh, 'shopper');
      await assertRefused(mesh, 'outsider');
      await policyLogged(mesh, 'catalog', 'no-allow:bookstore/catalog-for-storefront');
    },
  },
  {
    name: 'a Deny policy refuses by method and by path what an Allow policy allows, and is named in the access log',
    objects: async () => [...(await policies(WHO, 'catalog-for-storefront')), ...(await policies('deny-delete.yaml'))],
    run: async (mesh) => {
      const status = async (method: string, path: string) =>
        (await mesh.call('storefront', { ...CATALOG, method, path })).status;
      assert.equal(await status('GET', '/books/1'), 200);
      assert.equal(await status('DELETE', '/books/1'), 403);
      assert.equal(await status('GET', '/admin/faults'), 403);
      assert.equal(await status('POST', '/admin/faults?failRate=1'), 403);
      await policyLogged(mesh, 'catalog', 'deny:bookstore/deny-delete[delete]');
      await policyLogged(mesh, 'catalog', 'deny:bookstore/deny-delete[admin]');
    },
  },
  {
    name: 'a policy that allows nobody closes the namespace for HTTP, gRPC and TCP, and is named',
    objects: () => Promise.resolve([meshObject('AuthorizationPolicy', 'nobody', { action: 'Allow', rules: [] })]),
    run: async (mesh) => {
      for (const caller of ['storefront', 'shopper', 'outsider'] as const) {
        await assertRefused(mesh, caller);
        const inventory = await mesh.call(caller, INVENTORY);
        assert.equal(inventory.grpcStatus, DENIED, describeResult(inventory));
        const ledger = await mesh.call(caller, LEDGER);
        assert.equal(ledger.status, -1, describeResult(ledger));
      }
      await policyLogged(mesh, 'reviews', 'no-allow:bookstore/nobody', () => mesh.call('shopper', REVIEWS));
      await policyLogged(mesh, 'ledger', 'no-allow:bookstore/nobody');
    },
  },
  {
    name: 'a policy on trial refuses nothing, and the access log says what it would have refused',
    objects: async () => [withSpec(await policy('deny-delete.yaml', 'deny-delete'), { mode: 'DryRun' })],
    run: async (mesh) => {
      const path = `/books/1?trial=${Date.now()}`;
      assert.equal((await mesh.call('shopper', { ...CATALOG, method: 'DELETE', path })).status, 200);
      const entry = await mesh.logged('catalog', 'what would have been refused', ({ dryRun }) => dryRun !== undefined);
      assert.deepEqual(
        [entry.dryRun, entry.status, entry.method],
        ['deny:bookstore/deny-delete[delete]', 200, 'DELETE'],
      );
    },
  },
  {
    name: 'of gRPC one method is allowed, and to one caller',
    objects: () => policies(WHO, 'inventory-check-for-storefront'),
    run: async (mesh) => {
      assert.equal(checked(await mesh.call('storefront', INVENTORY)).peer, mesh.identityOf('storefront'));
      const other = await mesh.call('storefront', { ...INVENTORY, path: '/grpc.health.v1.Health/Check' });
      assert.equal(other.grpcStatus, DENIED, describeResult(other));
      const stranger = await mesh.call('shopper', INVENTORY);
      assert.equal(stranger.grpcStatus, DENIED, describeResult(stranger));
    },
  },
  {
    name: 'TCP is allowed by who calls, and an open connection ends when it no longer is',
    objects: () => policies(WHO, 'ledger-for-storefront'),
    run: async (mesh, scope) => {
      const storefront = await mesh.call('storefront', LEDGER);
      assert.match(storefront.body, /^READY ledger v1 ledger-\S+\nOK \d+ v1 ledger-\S+$/);
      for (const stranger of ['shopper', 'outsider'] as const) {
        // It is refused at its first byte, by when the server has said its greeting.
        const refused = await mesh.call(stranger, LEDGER);
        assert.deepEqual([refused.status, refused.closed], [-1, true], describeResult(refused));
        assert.doesNotMatch(refused.body, /OK/);
      }
      const held = mesh.call('storefront', { ...LEDGER, holdMs: mesh.driver.patienceMs });
      const kept = mesh.call('storefront', { ...LEDGER, holdMs: 500 });
      assert.equal((await kept).closed, false, 'the connection ended by itself');
      const others = [{ from: [{ serviceAccounts: ['shopper'] }], to: [{ ports: [7070] }] }];
      await scope.enforce(withSpec(await policy(WHO, 'ledger-for-storefront'), { rules: others }));
      const ended = await held;
      assert.deepEqual([ended.status, ended.closed], [0, true], describeResult(ended));
      assert.equal((await mesh.call('storefront', LEDGER)).status, -1);
      assert.equal((await mesh.call('shopper', LEDGER)).status, 0);
    },
  },
  {
    name: 'a rule of HTTP on a port of TCP is refused in the status, and allows nobody',
    run: async (mesh, scope) => {
      const broken = withSpec(await policy(WHO, 'ledger-for-storefront'), {
        rules: [{ from: [{ serviceAccounts: ['storefront'] }], to: [{ methods: ['GET'] }] }],
      });
      await scope.apply(broken);
      const { conditions } = await mesh.untilStatus(broken, 'refused', (status) =>
        status.conditions.some((condition) => condition.status === 'False' && condition.reason !== 'Pending'),
      );
      assert.match(conditions.map(({ message }) => message).join('\n'), /methods/);
      await mesh.eventually('nobody may', async () =>
        (await mesh.call('storefront', LEDGER)).status === -1 ? true : undefined,
      );
    },
  },
];

async function assertRefused(mesh: ScenarioMesh, caller: 'storefront' | 'shopper' | 'outsider'): Promise<void> {
  const result = await mesh.call(caller, CATALOG);
  assert.equal(result.status, 403, `${caller}: ${describeResult(result)}`);
}

async function policyLogged(
  mesh: ScenarioMesh,
  app: string,
  named: string,
  first: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  await first();
  await mesh.logged(app, named, ({ details, direction }) => direction === 'inbound' && deniedBy(details) === named);
}
