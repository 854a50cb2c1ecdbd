import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, silentLogger } from './framework/index.ts';
import { InMemoryApi } from './framework/memory/index.ts';
import { TestClock } from './framework/testing/index.ts';
import { CertificateAuthority, MemoryCaStore, SECRET, type Secret } from './identity/index.ts';
import { openAuthority } from './operator-authority.ts';

const REF = { namespace: 'mesh', name: 'ca' };

function setUp() {
  const api = new InMemoryApi();
  const clock = new TestClock();
  const open = (caSource: 'self-signed' | 'secret' = 'self-signed', through: Pick<InMemoryApi, 'get'> = api) => {
    const settings = { certificateLifetime: 600, namespace: 'mesh', trustDomain: 'cluster.local' };
    const flags = { caFile: 'unused', caSecret: 'ca', caSource, ...settings };
    const write = { create: api.create.bind(api), replace: api.replace.bind(api) };
    const get: InMemoryApi['get'] = (...args) => through.get(...args);
    const { signal } = new AbortController();
    return openAuthority({ api: { get, ...write }, flags, clock, log: silentLogger, signal });
  };
  const names = async () => (await api.list(SECRET)).items.map(({ metadata, type }) => `${metadata.name} ${type}`);
  return { api, clock, open, names };
}

/** As cert-manager writes it; made here by an authority whose root is taken out of its store. */
async function tlsSecret(clock: TestClock): Promise<Secret> {
  const store = new MemoryCaStore();
  await CertificateAuthority.open({ store, clock, trustDomain: 'cluster.local' });
  const { current } = (await store.load())?.state ?? assert.fail();
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  const data = {
    'tls.crt': encoded(current.certificatePem),
    'tls.key': encoded(current.privateKeyPem),
    'ca.crt': encoded(current.certificatePem),
  };
  return { apiVersion: 'v1', kind: 'Secret', metadata: REF, type: 'kubernetes.io/tls', data };
}

test('without a Secret a root is made, once for all replicas', async () => {
  const { open, names } = setUp();
  const [one, other] = await Promise.all([open(), open()]);
  assert.equal(one?.signingRoot, other?.signingRoot);
  assert.equal(one?.leafTtlMs, 600_000, 'and issues for as long as it is told');
  assert.deepEqual(await names(), ['ca mesh.dot-kube.io/certificate-authority']);
});

test('without a Secret that is to be given nothing is made, and it is told what is missing', async () => {
  const { open, names } = setUp();
  await assert.rejects(
    open('secret'),
    /^CaStoreError: Secret mesh\/ca is not there: make it, of the type kubernetes\.io\/tls/,
  );
  assert.deepEqual(await names(), []);
});

test('a Secret that is given is used and never written, also when it is away for a while', async () => {
  const { api, clock, names, open } = setUp();
  const given = await api.create(SECRET, await tlsSecret(clock));
  const authority = await open();
  assert.equal(authority?.isGiven, true);
  assert.deepEqual(await api.get(SECRET, REF), given);
  await api.delete(SECRET, REF);
  assert.equal((await open())?.signingRoot, authority?.signingRoot);
  assert.deepEqual(await names(), ['ca-state mesh.dot-kube.io/certificate-authority']);
  await assert.rejects(authority?.reload() ?? Promise.resolve(), /Secret mesh\/ca is not there any more/);
});

test('another Secret in its place is a change of the root, which each replica sees', async () => {
  const { api, clock, open } = setUp();
  await api.create(SECRET, await tlsSecret(clock));
  const [leader, follower] = [await open(), await open()];
  assert.ok(leader !== undefined && follower !== undefined);
  await api.replace(SECRET, await tlsSecret(clock));
  for (const each of [leader, follower]) {
    await each.reload();
    assert.equal(each.rootChangeDue, true);
  }
  await leader.beginRootChange();
  await assert.rejects(follower.beginRootChange(), /another replica has changed the root/);
  await follower.reload();
  assert.equal(follower.trustBundle.roots.length, 2);
  assert.equal(follower.rootChangeDue, false);
});

test('an API server that cannot be reached is waited for, one that refuses is not', async () => {
  const { api, clock, open } = setUp();
  const failures = [new ApiError({ code: 0, reason: 'Unreachable', message: 'no' })];
  const get: InMemoryApi['get'] = async (...args) => {
    const failure = failures.pop();
    if (failure !== undefined) throw failure;
    return await api.get(...args);
  };
  const opening = open('self-signed', { get });
  await clock.advance(30_000);
  assert.ok((await opening) !== undefined);
  failures.push(new ApiError({ code: 403, reason: 'Forbidden', message: 'secrets "ca" is forbidden' }));
  await assert.rejects(open('self-signed', { get }), /is forbidden/);
});

test('an annotation on the Secret of the operator has the root changed, once', async () => {
  const { api, open } = setUp();
  const [leader, follower] = [await open(), await open()];
  assert.ok(leader !== undefined && follower !== undefined);
  let told = 0;
  leader.onChange(() => (told += 1));
  const secret = await api.get(SECRET, REF);
  const annotations = { 'mesh.dot-kube.io/rotate-root': 'now' };
  await api.replace(SECRET, { ...secret, metadata: { ...secret.metadata, annotations } });
  await leader.reload();
  assert.deepEqual([leader.rootChangeDue, told], [true, 0]);
  await leader.beginRootChange();
  for (const each of [leader, follower]) {
    await each.reload();
    assert.deepEqual([each.rootChangeDue, each.state], [false, 'introducing']);
  }
  assert.equal((await api.get(SECRET, REF)).metadata.annotations, undefined);
  await leader.completeRootChange();
  await leader.finishRootChange();
  assert.equal(leader.rootChangeDue, false);
});

test('an annotation on a Secret that is given asks for nothing, as only its owner changes that root', async () => {
  const { api, clock, open } = setUp();
  const secret = await tlsSecret(clock);
  const annotations = { 'mesh.dot-kube.io/rotate-root': 'now' };
  await api.create(SECRET, { ...secret, metadata: { ...secret.metadata, annotations } });
  const authority = await open();
  await authority?.reload();
  assert.equal(authority?.rootChangeDue, false);
});
