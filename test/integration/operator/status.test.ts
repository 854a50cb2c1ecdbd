import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type KubernetesObject, LEASE } from '../../../operator/framework/index.ts';
import { Bookstore, Forwarder, type MeshPod, SYSTEM_NAMESPACE } from '../harness/index.ts';

const NAMESPACE = 'bookstore';
const MANAGER = 'dot-kube-operator';
const LEASE_FLAGS = ['--lease-duration', '5'];

const TYPO: KubernetesObject & { readonly spec: unknown } = {
  apiVersion: 'mesh.dot-kube.io/v1alpha1',
  kind: 'TrafficSplit',
  metadata: { namespace: NAMESPACE, name: 'typo' },
  spec: { service: 'inventroy', backends: [{ name: 'a', service: 'inventory', weight: 1 }] },
};

type Managed = KubernetesObject & {
  readonly metadata: {
    readonly managedFields?: readonly {
      readonly manager: string;
      readonly operation: string;
      readonly subresource?: string;
      readonly fieldsV1: object;
    }[];
  };
};

describe('statuses on a real API server', () => {
  const scope = new AsyncDisposableStack();
  let store: Bookstore;
  let forwarder: Forwarder;
  /** Where the proxies are sent to. */
  let controlPlane = 0;
  let storefront: MeshPod | undefined;
  let kinds: readonly string[] = [];

  const kubectl = (...args: readonly string[]) => store.cluster.kubectl('-n', NAMESPACE, ...args);

  before(async () => {
    store = scope.use(await Bookstore.start({ flags: LEASE_FLAGS }));
    controlPlane = store.operator.xdsPort;
    forwarder = scope.use(
      await Forwarder.start(store.network.hostAddress, () => ({ host: '127.0.0.1', port: controlPlane })),
    );
    const through = forwarder.address;
    [, , storefront] = await store.pods(
      { name: 'reviews-v1-0', app: 'reviews', through },
      { name: 'reviews-v2-0', app: 'reviews', version: 'v2', through },
      { name: 'storefront-0', app: 'storefront', through },
    );
    assert.ok(storefront !== undefined);
    assert.equal((await storefront.call(await store.addressOf('reviews'), 8080)).status, 200);
    await store.applyAll();
    await store.cluster.apply(TYPO);
    await kubectl('wait', '--for=condition=Programmed', '--timeout=20s', 'mesh', '--all');
    await store.cluster.until(TYPO, 'ResolvedRefs', 'False ServiceNotFound');
  });
  after(() => scope.disposeAsync());

  test('kubectl get mesh is a table for each kind that says what is in force where', async () => {
    const lines = (await kubectl('get', 'mesh')).split('\n').map((line) => line.trim().split(/\s{2,}/));
    const row = (name: string) => lines.find(([first]) => first?.endsWith(`/${name}`))?.slice(1, -1);
    assert.deepEqual(
      lines.filter(([first]) => first === 'NAME'),
      [
        ['NAME', 'ACTION', 'ACCEPTED', 'PROGRAMMED', 'UP-TO-DATE', 'PROXIES', 'REASON', 'AGE'],
        ['NAME', 'ACCEPTED', 'PROGRAMMED', 'UP-TO-DATE', 'PROXIES', 'REASON', 'AGE'],
        ['NAME', 'SERVICE', 'ACCEPTED', 'PROGRAMMED', 'UP-TO-DATE', 'PROXIES', 'REASON', 'AGE'],
      ],
    );
    assert.deepEqual(row('reviews-for-storefront'), ['Allow', 'True', 'True', '2', '2', 'Programmed']);
    assert.deepEqual(row('catalog-for-storefront'), ['Allow', 'True', 'True', '0', '0', 'NoProxyUsesIt']);
    assert.deepEqual(row('strict'), ['True', 'True', '3', '3', 'Programmed']);
    assert.deepEqual(row('reviews'), ['reviews', 'True', 'True', '1', '1', 'Programmed']);
    assert.deepEqual(row('typo'), ['inventroy', 'True', 'True', '0', '0', 'ServiceNotFound']);
    assert.match(
      await kubectl('get', 'tsplit', 'typo', '-o', 'wide'),
      /DK2001 spec\.service: .*\(fix: create the Service/,
    );
  });

  test('kubectl describe shows events of what changed, kubectl explain the fields', async () => {
    await store.cluster.apply({ ...TYPO, spec: { ...(TYPO.spec as object), service: 'inventory' } });
    await store.cluster.until(TYPO, 'ResolvedRefs', 'True');
    await delay(300);
    const events = (await kubectl('describe', 'trafficsplit', 'typo')).split('\nEvents:')[1] ?? '';
    assert.match(events, /Warning +ServiceNotFound .*mesh\.dot-kube\.io\/operator +DK2001 spec\.service: /);
    assert.match(events, /Normal +ResolvedRefs /);
    const explained = await kubectl('explain', 'authorizationpolicy.spec.rules.from.serviceAccounts');
    assert.match(explained, /FIELD: serviceAccounts <\[\]string>/);
    assert.match(explained, /DESCRIPTION:\s+\S+/);
  });

  test('the operator owns statuses, and nothing else of what others made', async () => {
    const managed = (await allObjects()).filter(({ metadata }) =>
      metadata.managedFields?.some(({ manager }) => manager === MANAGER),
    );
    assert.deepEqual([...new Set(managed.map(({ kind }) => kind))].sort(), [
      'AuthorizationPolicy',
      'MeshPolicy',
      'TrafficSplit',
    ]);
    for (const { metadata } of managed) {
      const own = metadata.managedFields?.filter(({ manager }) => manager === MANAGER) ?? [];
      assert.deepEqual(
        own.map(({ operation, subresource, fieldsV1 }) => ({ operation, subresource, fields: Object.keys(fieldsV1) })),
        [{ operation: 'Apply', subresource: 'status', fields: ['f:status'] }],
      );
    }
  });

  test('neither applying again nor a touch nor a restart of the operator changes any object', async () => {
    const before = await versions();
    await store.applyAll();
    await delay(1000);
    assert.deepEqual(await versions(), before);
    // A touch is a change of its own, that nothing follows.
    await kubectl('annotate', 'trafficsplit/reviews', 'touched=yes');
    const touched = await versions();
    assert.equal(changedOf(before, touched).join(), 'TrafficSplit/bookstore/reviews');
    await store.restart({ flags: LEASE_FLAGS });
    await forwarder.connected(6);
    await delay(10_000);
    assert.deepEqual(changedOf(touched, await versions()), []);
    assert.equal(store.operator.log().filter(({ message }) => message === 'a proxy connected').length, 3);
  });

  test('another replica takes over when the one that leads is killed, with the proxies, and nothing is written anew', async () => {
    await using other = await store.replica({ flags: LEASE_FLAGS });
    const before = await versions();
    store.operator.process.kill('SIGKILL');
    controlPlane = other.xdsPort;
    await other.logged('this replica leads');
    const lease = await store.cluster.api.get(LEASE, { namespace: SYSTEM_NAMESPACE, name: MANAGER });
    assert.equal(lease.spec?.leaseTransitions, 2);
    await delay(2000);
    assert.deepEqual(changedOf(before, await versions()), []);
    const split = { ...TYPO, metadata: { namespace: NAMESPACE, name: 'reviews' } };
    const weights = [
      { name: 'v1', labels: { version: 'v1' }, weight: 0 },
      { name: 'v2', labels: { version: 'v2' }, weight: 1 },
    ];
    await store.cluster.apply({ ...split, spec: { service: 'reviews', backends: weights } });
    await kubectl('wait', '--for=condition=Programmed', '--timeout=10s', 'trafficsplit/reviews');
    assert.equal((await storefront?.call(await store.addressOf('reviews'), 8080))?.body, 'v2');
    assert.deepEqual((await store.cluster.get(split)).status?.proxies, { total: 1, programmed: 1, rejected: 0 });
  });

  async function allObjects(): Promise<readonly Managed[]> {
    if (kinds.length === 0) {
      const resources = await store.cluster.kubectl('api-resources', '--verbs=list', '-o', 'name');
      kinds = resources.split('\n').filter((kind) => kind !== '' && !kind.startsWith('leases.'));
    }
    const { items } = JSON.parse(
      await store.cluster.kubectl('get', kinds.join(), '--all-namespaces', '--show-managed-fields', '-o', 'json'),
    ) as { readonly items: readonly Managed[] };
    return items;
  }

  /** The resourceVersion of every object in the cluster but Leases, which are renewed all the time. */
  async function versions(): Promise<ReadonlyMap<string, string>> {
    return new Map(
      (await allObjects()).map(({ kind, metadata: { namespace = '', name, resourceVersion = '' } }) => [
        `${kind}/${namespace}/${name}`,
        resourceVersion,
      ]),
    );
  }
});

function changedOf(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly string[] {
  const keys = new Set([...before.keys(), ...now.keys()]);
  return [...keys].filter((key) => before.get(key) !== now.get(key)).sort();
}
