import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Account, type ResourceAttributes } from './account.ts';
import { install, type InstallationSite, openSite } from './installed-system.ts';
import { committedPermissions, permission } from './permission.ts';

const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';
const SYSTEM = 'dot-kube-system';
const CNI = 'dot-kube-cni';
const PARALLEL = 16;

/** Verbs that an API has beyond those that its resources are listed with. */
const SPECIAL: readonly Omit<ResourceAttributes, 'namespace'>[] = [
  ...['users', 'groups', 'serviceaccounts'].map((resource) => ({ group: '', resource, verb: 'impersonate' })),
  ...['bind', 'escalate'].flatMap((verb) =>
    ['roles', 'clusterroles'].map((resource) => ({ group: 'rbac.authorization.k8s.io', resource, verb })),
  ),
  ...['approve', 'sign', 'attest'].map((verb) => ({ group: 'certificates.k8s.io', resource: 'signers', verb })),
  { group: '', resource: 'nodes', subresource: 'proxy', verb: 'get' },
];

/** Objects that only some of are for the operator, by group and resource; and one that nobody is for it. */
const NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['/configmaps', ['dot-kube-proxy', 'other']],
  ['/secrets', ['dot-kube-ca', 'dot-kube-ca-state', 'other']],
  ['admissionregistration.k8s.io/mutatingwebhookconfigurations', ['dot-kube-injection']],
]);

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

describe('the operator may', { skip: EXTERNAL }, () => {
  let site: InstallationSite;
  let operator: Account;
  let anybody: Account;
  before(async () => {
    site = await openSite();
    await install(site);
    const { cluster } = site;
    await cluster.kubectl('create', 'serviceaccount', 'anybody');
    operator = await Account.open(cluster, SYSTEM, 'dot-kube-operator');
    anybody = await Account.open(cluster, 'default', 'anybody');
  });
  after(async () => {
    operator?.close();
    anybody?.close();
    await site?.[Symbol.asyncDispose]();
  });

  it('do what the committed table says, beside what every account may', async () => {
    const usual = new Set(await anybody.permissions('default', 'all'));
    const everywhere = (await operator.permissions('default', 'all')).filter((each) => !usual.has(each));
    const elsewhere = new Set(await operator.permissions('default', SYSTEM));
    const here = (await operator.permissions(SYSTEM, SYSTEM)).filter((each) => !elsewhere.has(each));
    assert.deepEqual([...everywhere, ...here].toSorted(), committedPermissions());
  });

  it('do nothing else: every verb on every resource outside of the table is denied', { timeout: 300_000 }, async () => {
    const table = new Set(committedPermissions());
    const usual = new Set(await anybody.permissions('default', 'all'));
    const isGranted = ({ namespace, group, resource, subresource, name, verb }: ResourceAttributes): boolean => {
      const parts = { group, resource: subresource === undefined ? resource : `${resource}/${subresource}`, verb };
      const named = name === undefined ? {} : { name };
      return (
        [table, usual].some((granted) =>
          [{}, named].some((each) => granted.has(permission({ ...parts, ...each, namespaces: 'all' }))),
        ) ||
        (namespace === SYSTEM &&
          [{}, named].some((each) => table.has(permission({ ...parts, ...each, namespaces: SYSTEM }))))
      );
    };
    const asked = [...(await questions(site))];
    assert.ok(asked.length > 3000, `${asked.length} questions`);
    const wrong: string[] = [];
    const ask = async (): Promise<void> => {
      for (let question = asked.pop(); question !== undefined; question = asked.pop())
        if ((await operator.may(question)) !== isGranted(question)) wrong.push(JSON.stringify(question));
    };
    await Promise.all(Array.from({ length: PARALLEL }, ask));
    assert.deepEqual(wrong, []);
  });

  it('be told from the agent of the CNI plugin, which may do what the third table says', async () => {
    const { cluster } = site;
    await cluster.kubectl('apply', '--server-side', '-f', site.path('kustomize/cni/objects.yaml'));
    const agent = await Account.open(cluster, CNI, CNI);
    const usual = new Set(await anybody.permissions('default', 'all'));
    const table = committedPermissions('cni');
    assert.equal(table.length, 3);
    const deadline = performance.now() + 10_000;
    let found: readonly string[] = [];
    while (found.length !== table.length && performance.now() < deadline) {
      const everywhere = (await agent.permissions('default', 'all')).filter((each) => !usual.has(each));
      const elsewhere = new Set(await agent.permissions('default', CNI));
      const here = (await agent.permissions(CNI, CNI)).filter((each) => !elsewhere.has(each));
      found = [...everywhere, ...here].toSorted();
    }
    agent.close();
    assert.deepEqual(found, table.toSorted());
  });

  it('be told from the standby, which may do what the fourth table says', async () => {
    const { cluster } = site;
    await cluster.kubectl('apply', '--server-side', '-f', site.path('kustomize/standby/objects.yaml'));
    const standby = await Account.open(cluster, SYSTEM, 'dot-kube-standby');
    const usual = new Set(await anybody.permissions('default', 'all'));
    const table = committedPermissions('standby');
    assert.equal(table.length, 2);
    const deadline = performance.now() + 10_000;
    let found: readonly string[] = [];
    while (found.length !== table.length && performance.now() < deadline) {
      const everywhere = (await standby.permissions('default', 'all')).filter((each) => !usual.has(each));
      const elsewhere = new Set(await standby.permissions('default', SYSTEM));
      const here = (await standby.permissions(SYSTEM, SYSTEM)).filter((each) => !elsewhere.has(each));
      found = [...everywhere, ...here].toSorted();
    }
    standby.close();
    assert.deepEqual(found, table.toSorted());
  });

  it('do what the second table says beside, where injection is by a webhook', async () => {
    await site.cluster.kubectl('apply', '--server-side', '-f', site.path('kustomize/system-webhook/system.yaml'));
    const usual = new Set(await anybody.permissions('default', 'all'));
    const table = committedPermissions('Webhook').filter((each) => each.startsWith('all '));
    // The API server takes note of rules a moment after they are there.
    const deadline = performance.now() + 10_000;
    let found: readonly string[] = [];
    while (found.length !== table.length && performance.now() < deadline) {
      found = (await operator.permissions('default', 'all')).filter((each) => !usual.has(each)).toSorted();
    }
    assert.deepEqual(found, table.toSorted());
  });
});

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly namespaced: boolean }[];
}

/** Every verb on every resource of the API, in the operator's namespace, in another one, and everywhere. */
async function questions({ cluster: { kubectl } }: InstallationSite): Promise<readonly ResourceAttributes[]> {
  const get = async <T>(path: string): Promise<T> => JSON.parse(await kubectl('get', '--raw', path)) as T;
  const { groups } = await get<{
    readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
  }>('/apis');
  const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
  const asked = new Map<string, ResourceAttributes>();
  const add = (attributes: ResourceAttributes) => asked.set(JSON.stringify(attributes), attributes);
  for (const version of versions) {
    const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
    const { resources } = await get<ResourceList>(version.includes('/') ? `/apis/${version}` : `/api/${version}`);
    for (const { name: path } of resources) {
      const [resource = '', subresource] = path.split('/');
      for (const verb of VERBS) {
        const what = { group, resource, ...(subresource === undefined ? {} : { subresource }), verb };
        for (const namespace of [SYSTEM, 'default', undefined])
          for (const name of [undefined, 'dot-kube-operator', ...(NAMES.get(`${group}/${resource}`) ?? [])])
            add({
              ...what,
              ...(namespace === undefined ? {} : { namespace }),
              ...(name === undefined ? {} : { name }),
            });
      }
    }
  }
  for (const special of SPECIAL) for (const namespace of [SYSTEM, 'default']) add({ ...special, namespace });
  return [...asked.values()];
}
