import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TRAFFIC_SPLIT } from '../../../operator/api/index.ts';
import { HttpApi, kubeconfigConnection } from '../../../operator/framework/index.ts';
import { ROOT, type OperatorProcess, startOperator, startProxy } from '../harness/index.ts';
import { Account } from './account.ts';
import type { AuditEvent } from './audit-log.ts';
import { manifestsOf } from './helm-chart.ts';
import { install, type InstallationSite, openSite } from './installed-system.ts';
import { committedPermissions, type Permission, permission } from './permission.ts';

const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';
const SYSTEM = 'dot-kube-system';
const BOOKSTORE = join(ROOT, 'examples/bookstore');

/** What a status needs that somebody else's write came before. */
const READ_AGAIN = 'all mesh.dot-kube.io/trafficsplits * get';

/** Flags of the Deployment that only hold in a pod: ports that others have here. */
const OF_THE_POD = /^--(xds-address|health-address)=/;

describe('the operator with the rights of its service account', { skip: EXTERNAL }, () => {
  const scope = new AsyncDisposableStack();
  let site: InstallationSite;
  let account: Account;
  let operator: OperatorProcess;

  const replica = (): Promise<OperatorProcess> => {
    const deployments = manifestsOf(site.files.get('install.yaml') ?? '').filter(({ kind }) => kind === 'Deployment');
    const [deployment] = deployments as unknown as readonly Deployment[];
    const args = deployment?.spec.template.spec.containers[0]?.args ?? [];
    const flags = args.filter((arg) => !OF_THE_POD.test(arg));
    return startOperator({ kubeconfig: account.kubeconfig, caFile: site.caFile, flags });
  };

  before(async () => {
    site = scope.use(await openSite());
    await install(site);
    account = await Account.open(site.cluster, SYSTEM, 'dot-kube-operator');
    scope.defer(() => account.close());
    operator = scope.use(await replica());
  });
  after(() => scope.disposeAsync());

  it('becomes ready and leads', async () => {
    await operator.logged('this replica leads');
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
      rootsPem: (JSON.parse(await readFile(site.caFile, 'utf8')) as CaFile).current.certificatePem,
      token: (await kubectl('create', 'token', 'web', '--audience=dot-kube', ...bound)).trim(),
      proxyId: 'web-0.default',
    });
    assert.equal(await proxy.isLive(), true);
  });

  it('hands the Lease over to another replica, which has the same root', async () => {
    const before = await readFile(site.caFile, 'utf8');
    const other = scope.use(await replica());
    await operator.stop();
    await other.logged('this replica leads', 30_000);
    assert.equal(await readFile(site.caFile, 'utf8'), before);
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
      if (weight % 50 === 49 && (await used(site)).has(READ_AGAIN)) break;
    }
    await cluster.kubectl('-n', 'bookstore', 'wait', '--for=condition=Ready', '--timeout=20s', 'trafficsplit/reviews');
  });

  it('was denied nothing, and used everything that it may', async () => {
    const events = await site.audit.events();
    assert.deepEqual(
      events.filter(({ responseStatus }) => responseStatus?.code === 403),
      [],
    );
    const table = committedPermissions();
    const did = await used(site);
    assert.deepEqual(
      [...did].filter((each) => !table.includes(each)),
      [],
    );
    // The one code writes the statuses of all kinds, and only one was written to meanwhile.
    const isChance = (each: Permission): boolean => each !== READ_AGAIN && /mesh\.dot-kube\.io\/\w+ \* get$/.test(each);
    assert.deepEqual(
      table.filter((each) => !did.has(each) && !isChance(each)),
      [],
    );
  });

  it('left what was installed as it is', async () => {
    assert.equal(await site.cluster.kubectl('diff', '--server-side', '-f', site.path('install.yaml')), '');
  });
});

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] } };
  };
}

interface CaFile {
  readonly current: { readonly certificatePem: string };
}

const meshed = { annotations: { 'mesh.dot-kube.io/status': 'injected' } };

/** The permissions that the operator has used so far. */
async function used({ audit }: InstallationSite): Promise<ReadonlySet<Permission>> {
  const found = new Set<Permission>();
  for (const event of await audit.events()) for (const each of permissionsUsed(event)) found.add(each);
  return found;
}

function permissionsUsed({ verb, objectRef, responseStatus }: AuditEvent): readonly Permission[] {
  if (objectRef === undefined) return [];
  const { apiGroup: group = '', resource = '', subresource, namespace = '', name } = objectRef;
  const what = { group, resource: subresource === undefined ? resource : `${resource}/${subresource}` };
  const isOwn = namespace === SYSTEM && resource === 'leases';
  const where = isOwn
    ? { namespaces: SYSTEM, ...(name === undefined || verb === 'create' ? {} : { name }) }
    : { namespaces: 'all' };
  const patched = permission({ ...what, ...where, verb });
  // A server-side apply that makes an object needs the right to create it.
  const isMade = verb === 'patch' && responseStatus?.code === 201;
  return isMade ? [patched, permission({ ...what, ...where, verb: 'create' })] : [patched];
}
