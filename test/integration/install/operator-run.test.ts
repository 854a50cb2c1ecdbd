import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TRAFFIC_SPLIT } from '../../../operator/api/index.ts';
import { HttpApi, kubeconfigConnection } from '../../../operator/framework/index.ts';
import { ROOT, type OperatorProcess, startProxy } from '../harness/index.ts';
import { Account } from './account.ts';
import { install, type InstallationSite, openSite } from './installed-system.ts';
import { startReplica } from './operator-replica.ts';
import { committedPermissions, type Permission } from './permission.ts';
import { permissionsUsed } from './used-permissions.ts';

const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';
const SYSTEM = 'dot-kube-system';
const BOOKSTORE = join(ROOT, 'examples/bookstore');

/** What a status needs that somebody else's write came before. */
const READ_AGAIN = 'all mesh.dot-kube.io/trafficsplits * get';

describe('the operator with the rights of its service account', { skip: EXTERNAL }, () => {
  const scope = new AsyncDisposableStack();
  let site: InstallationSite;
  let account: Account;
  let operator: OperatorProcess;

  const replica = (): Promise<OperatorProcess> => startReplica(site, account);

  before(async () => {
    site = scope.use(await openSite());
    await install(site);
    account = await Account.open(site.cluster, SYSTEM, 'dot-kube-operator');
    scope.defer(() => account.close());
    operator = scope.use(await replica());
  });
  after(() => scope.disposeAsync());

  it('becomes ready and leads', async () => {
    await operator.logged('this replica leads', 60_000);
    assert.equal((await operator.health('/readyz')).status, 200);
  });

  it('writes statuses and events', async () => {
    const { kubectl } = site.cluster;
    await kubectl('apply', '-f', join(BOOKSTORE, 'manifests/namespace.yaml'));
    await kubectl('apply', '-f', join(BOOKSTORE, 'manifests'), '-f', join(BOOKSTORE, 'policies'));
    const all = ['mesh', '--all', '--timeout=20s'];
    await kubectl('-n', 'bookstore', 'wait', '--for=condition=Ready', ...all);
    let events = '';
    const deadline = performance.now() + 10_000;
    while (!events.includes('NoProxyUsesIt') && performance.now() < deadline) {
      events = await kubectl('-n', 'bookstore', 'get', 'events.events.k8s.io', '-o', 'jsonpath={.items[*].reason}');
      await delay(50);
    }
    assert.match(events, /NoProxyUsesIt/);
  });

  it('lets a proxy in by the name of the Service and by its token', async () => {
    const { kubectl } = site.cluster;
    await kubectl('create', 'serviceaccount', 'web');
    const spec = { serviceAccountName: 'web' };
    await kubectl('run', 'web-0', '--image=web', '--overrides', JSON.stringify({ spec, metadata: meshed }));
    const bound = ['--bound-object-kind=Pod', '--bound-object-name=web-0'];
    await using proxy = await startProxy({
      operatorPort: operator.xdsPort,
      serverName: `dot-kube-xds.${SYSTEM}.svc`,
      rootsPem: await operator.rootsPem(),
      token: (await kubectl('create', 'token', 'web', '--audience=dot-kube', ...bound)).trim(),
      proxyId: 'web-0.default',
    });
    assert.equal(await proxy.isLive(), true);
  });

  it('gives a namespace what its proxies start with, anew when somebody takes it away', async () => {
    const { kubectl } = site.cluster;
    const configMap = ['-n', 'bookstore', 'configmap/dot-kube-proxy'];
    const uid = async () => kubectl('get', ...configMap, '-o', 'jsonpath={.metadata.uid}');
    await kubectl('label', 'namespace', 'bookstore', 'mesh.dot-kube.io/inject=enabled', '--overwrite');
    await kubectl('wait', '--for=create', '--timeout=20s', ...configMap);
    const first = await uid();
    // What cannot be changed can only be made anew.
    await kubectl('patch', ...configMap, '--patch', '{"immutable":true,"data":{"roots.json":"x"}}');
    const deadline = performance.now() + 20_000;
    while ([first, ''].includes(await uid().catch(() => '')) && performance.now() < deadline) await delay(50);
    assert.notEqual(await uid(), first);
  });

  it('makes NetworkPolicies of policies that ask for them, and takes them away again', async () => {
    const { kubectl } = site.cluster;
    const metadata = { name: 'shadow', namespace: 'default' };
    const spec = { mtls: { mode: 'Strict' }, networkPolicy: 'Generate' };
    const policy = { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind: 'MeshPolicy', metadata, spec };
    await kubectl.input(JSON.stringify(policy), 'apply', '-f', '-');
    const found = () => kubectl('-n', 'default', 'get', 'networkpolicies', '-o', 'name');
    const until = async (isThere: boolean): Promise<void> => {
      const deadline = performance.now() + 20_000;
      while ((await found()).includes('networkpolicy') !== isThere && performance.now() < deadline) await delay(50);
      assert.equal((await found()).includes('networkpolicy'), isThere);
    };
    await until(true);
    await kubectl('-n', 'default', 'delete', 'meshpolicy', 'shadow');
    await until(false);
  });

  it('hands the Lease over to another replica, which has the same root', async () => {
    const secret = ['-n', SYSTEM, 'get', 'secret', 'dot-kube-ca', '-o', 'jsonpath={.metadata.resourceVersion}'];
    const before = await site.cluster.kubectl(...secret);
    const roots = await operator.rootsPem();
    const other = scope.use(await replica());
    await operator.stop();
    await other.logged('this replica leads', 60_000);
    assert.equal(await other.rootsPem(), roots);
    assert.equal(await site.cluster.kubectl(...secret), before);
  });

  it('meets an object that somebody else writes to meanwhile', async () => {
    const { cluster } = site;
    const api = new HttpApi(await kubeconfigConnection({ path: cluster.kubeconfig }));
    scope.defer(() => api.close());
    const split = await api.get(TRAFFIC_SPLIT, { namespace: 'bookstore', name: 'reviews' });
    const { apiVersion, kind, metadata, spec } = split;
    const [first, ...others] = spec.backends;
    assert.ok(first);
    const identity = { namespace: 'bookstore', name: metadata.name };
    for (let weight = 0; weight < 2000; weight += 1) {
      const backends = [{ ...first, weight: weight % 100 }, ...others];
      const changed = { apiVersion, kind, metadata: identity, spec: { ...spec, backends } };
      await api.apply(TRAFFIC_SPLIT, changed, { fieldManager: 'kubectl', force: true });
      if (weight % 50 === 49 && (await permissionsUsed(site, committedPermissions())).used.has(READ_AGAIN)) break;
    }
    await cluster.kubectl('-n', 'bookstore', 'wait', '--for=condition=Ready', '--timeout=20s', 'trafficsplit/reviews');
  });

  it('was denied nothing, and used everything that it may', async () => {
    const table = committedPermissions();
    const { denied, used } = await permissionsUsed(site, table);
    assert.deepEqual(denied, []);
    assert.deepEqual(
      [...used].filter((each) => !table.includes(each)),
      [],
    );
    assert.deepEqual(
      table.filter((each) => !used.has(each) && !isRare(each)),
      [],
    );
  });

  it('left what was installed as it is', async () => {
    assert.equal(await site.cluster.kubectl('diff', '--server-side', '-f', site.path('install.yaml')), '');
  });
});

const meshed = { annotations: { 'mesh.dot-kube.io/status': 'injected' } };

/** The one code writes the statuses of all kinds, of which one was written to meanwhile; and roots change after years. */
function isRare(each: Permission): boolean {
  return (each !== READ_AGAIN && /mesh\.dot-kube\.io\/\w+ \* get$/.test(each)) || /secrets \S+ update$/.test(each);
}
