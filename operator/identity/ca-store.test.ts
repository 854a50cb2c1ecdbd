import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { InMemoryApi } from '../framework/memory/index.ts';
import { ApiCaStore, SECRET } from './api-ca-store.ts';
import { type CaStore, CaStoreError, formatRootState, MemoryCaStore, parseRootState } from './ca-store.ts';
import { FileCaStore } from './file-ca-store.ts';
import type { Root, RootState } from './root-state.ts';

const certificatePem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const root: Root = {
  certificatePem,
  privateKeyPem: '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n',
};
const stable: RootState = { kind: 'stable', current: root };
const retiring: RootState = { kind: 'retiring', current: root, previousCertificatePem: certificatePem };

const SECRET_REF = { namespace: 'mesh', name: 'ca' };

const withStores = async (run: (store: CaStore) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'dot-kube-ca-'));
  try {
    await run(new FileCaStore(join(folder, 'deep', 'ca.json')));
    await run(new MemoryCaStore());
    await run(new ApiCaStore({ api: new InMemoryApi(), secret: SECRET_REF, fieldManager: 'operator' }));
  } finally {
    await rm(folder, { recursive: true });
  }
};

describe('a store of roots', () => {
  test('has nothing until something is saved, and then gives it back', async () => {
    await withStores(async (store) => {
      assert.equal(await store.load(), undefined);
      const first = await store.save(stable, undefined);
      assert.equal(first.kind, 'saved');
      assert.deepEqual((await store.load())?.state, stable);
      assert.equal((await store.save(retiring, (await store.load())?.version)).kind, 'saved');
      assert.deepEqual((await store.load())?.state, retiring);
    });
  });

  test('lets one of two first saves win', async () => {
    await withStores(async (store) => {
      const results = await Promise.all([store.save(stable, undefined), store.save(retiring, undefined)]);
      assert.deepEqual(results.map((result) => result.kind).sort(), ['conflict', 'saved']);
    });
  });

  test('refuses to save over a state that was not read', async () => {
    await withStores(async (store) => {
      const first = await store.save(stable, undefined);
      assert.ok(first.kind === 'saved');
      assert.equal((await store.save(retiring, first.version)).kind, 'saved');
      assert.equal((await store.save(stable, first.version)).kind, 'conflict');
      assert.deepEqual((await store.load())?.state, retiring);
    });
  });
});

test('the file can be read by its owner alone, and no other file is left beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dot-kube-ca-'));
  try {
    const path = join(folder, 'private', 'ca.json');
    const store = new FileCaStore(path);
    const saved = await store.save(stable, undefined);
    assert.ok(saved.kind === 'saved');
    await store.save(retiring, saved.version);
    await store.save(stable, 'stale');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'private'))).mode & 0o777, 0o700);
    assert.deepEqual(await readdir(join(folder, 'private')), ['ca.json']);
    assert.equal(await readFile(path, 'utf8'), formatRootState(retiring));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file that holds something else is an error that names the file and quotes nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dot-kube-ca-'));
  try {
    const path = join(folder, 'ca.json');
    await writeFile(path, '{"format":1,"kind":"stable","current":{"privateKeyPem":"secret"}}');
    await assert.rejects(new FileCaStore(path).load(), (error: unknown) => {
      assert.ok(error instanceof CaStoreError);
      assert.equal(error.message, `${path}: current.certificatePem is not a PEM certificate`);
      return true;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('every state survives the way to text and back', () => {
  const states: readonly RootState[] = [stable, { kind: 'introducing', current: root, next: root }, retiring];
  for (const state of states) assert.deepEqual(parseRootState(formatRootState(state)), state);
});

test('text that is not a root state is refused', () => {
  const { kind: _, ...nameless } = stable;
  for (const text of ['', 'null', '[]', '{}', '{"format":2}', JSON.stringify({ format: 1, ...nameless })]) {
    assert.throws(() => parseRootState(text), CaStoreError, text);
  }
  assert.throws(() => parseRootState(JSON.stringify({ format: 1, kind: 'introducing', current: root })), CaStoreError);
});

describe('a Secret', () => {
  const setUp = () => {
    const api = new InMemoryApi();
    return { api, store: new ApiCaStore({ api, secret: SECRET_REF, fieldManager: 'operator' }) };
  };

  test('made anew in between is not written over, and a deleted one is not made again by a step', async () => {
    const { api, store } = setUp();
    const first = await store.save(stable, undefined);
    assert.ok(first.kind === 'saved');
    await api.delete(SECRET, SECRET_REF);
    assert.equal((await store.save(retiring, first.version)).kind, 'conflict');
    assert.equal((await store.save(stable, undefined)).kind, 'saved');
    assert.equal((await store.save(retiring, first.version)).kind, 'conflict');
    assert.deepEqual((await store.load())?.state, stable);
  });

  test('of somebody else is refused by name, and what is in it is not told', async () => {
    const { api, store } = setUp();
    const data = { password: Buffer.from('secret words').toString('base64') };
    await api.create(SECRET, { apiVersion: 'v1', kind: 'Secret', metadata: SECRET_REF, type: 'Opaque', data });
    await assert.rejects(store.load(), (error: Error) => {
      assert.match(
        error.message,
        /^Secret mesh\/ca is no certificate authority: it is of the type Opaque, without ca\.json: give/,
      );
      return !error.message.includes('secret words');
    });
  });
});
