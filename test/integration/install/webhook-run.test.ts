import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { OperatorProcess } from '../harness/index.ts';
import { Account } from './account.ts';
import { install, type InstallationSite, openSite } from './installed-system.ts';
import { startReplica } from './operator-replica.ts';
import { committedPermissions } from './permission.ts';
import { permissionsUsed } from './used-permissions.ts';

const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';
const SYSTEM = 'dot-kube-system';
const CONFIGURATION = 'mutatingwebhookconfiguration/dot-kube-injection';
const BUNDLES = ['get', CONFIGURATION, '-o', 'jsonpath={.webhooks[*].clientConfig.caBundle}'];

for (const release of ['oldest', 'newest'] as const) {
  describe(`the operator with injection by a webhook, on the ${release} Kubernetes`, { skip: EXTERNAL }, () => {
    const scope = new AsyncDisposableStack();
    let site: InstallationSite;
    let operator: OperatorProcess;
    before(async () => {
      site = scope.use(await openSite(release));
      await install(site, 'install-webhook');
      const account = await Account.open(site.cluster, SYSTEM, 'dot-kube-operator');
      scope.defer(() => account.close());
      operator = scope.use(await startReplica(site, account, 'install-webhook'));
    });
    after(() => scope.disposeAsync());

    const difference = () => site.cluster.kubectl('diff', '--server-side', '-f', site.path('install-webhook.yaml'));
    /** The caBundles of both webhooks, once they are what is asked for. */
    const bundles = async (isRight: (found: readonly string[]) => boolean): Promise<readonly string[]> => {
      const deadline = performance.now() + 20_000;
      for (;;) {
        const found = (await site.cluster.kubectl(...BUNDLES)).split(' ').filter((each) => each !== '');
        if (isRight(found)) return found;
        assert.ok(performance.now() < deadline, `the caBundles are ${found.join(' ')}`);
        await delay(50);
      }
    };

    it('is given its caBundle, which is in no manifest, and nothing is different after that', async () => {
      const found = await bundles((both) => both.length === 2);
      const roots = Buffer.from(await operator.rootsPem()).toString('base64');
      assert.deepEqual(found, [roots, roots]);
      assert.equal(await difference(), '');
    });

    it('keeps it when the manifests are applied again, and puts it back when somebody takes it away', async () => {
      const before = await bundles((both) => both.length === 2);
      await site.cluster.kubectl('apply', '--server-side', '-f', site.path('install-webhook.yaml'));
      assert.deepEqual(await bundles(() => true), before);
      const patch = JSON.stringify([{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }]);
      await site.cluster.kubectl('patch', CONFIGURATION, '--type=json', '--patch', patch);
      assert.deepEqual(await bundles((both) => both.length === 2), before);
      assert.equal(await difference(), '');
    });

    it('is owned field by field: the caBundles by the operator, the rest by whoever applied it', async () => {
      const { metadata } = JSON.parse(
        await site.cluster.kubectl('get', CONFIGURATION, '--show-managed-fields', '-o', 'json'),
      ) as { readonly metadata: { readonly managedFields: readonly { manager: string; fieldsV1: object }[] } };
      const bundlesOf = (fields: object): number => JSON.stringify(fields).split('"f:caBundle"').length - 1;
      const owners = metadata.managedFields.map(({ manager, fieldsV1 }) => [manager, bundlesOf(fieldsV1)] as const);
      assert.deepEqual(
        owners.filter(([, count]) => count > 0),
        [['dot-kube-ca-bundle', 2]],
      );
      assert.ok(owners.some(([manager]) => manager === 'kubectl'));
    });

    it('was denied nothing, and needed all that is only for this', async () => {
      const table = committedPermissions('Webhook');
      const { denied, used } = await permissionsUsed(site, table);
      assert.deepEqual(denied, []);
      assert.deepEqual(
        [...used].filter((each) => !table.includes(each)),
        [],
      );
      const usual = new Set(committedPermissions());
      assert.deepEqual(
        table.filter((each) => !usual.has(each) && !used.has(each)),
        [],
      );
    });
  });
}
