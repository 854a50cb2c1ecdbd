import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../api/api-error.ts';
import { type KubernetesObject, refOf } from '../api/object.ts';
import { resourceKind } from '../api/resource-kind.ts';
import { nameOfEvent, take } from '../testing/contract/subject.ts';
import { WIDGET, type Widget, widget } from '../testing/contract/widget.ts';
import { settle, TestClock } from '../testing/test-clock.ts';
import { InMemoryApi } from './in-memory-api.ts';
import type { AdmissionRequest } from './options.ts';

const CONFIG_MAP = resourceKind<KubernetesObject & { readonly data?: Record<string, string> }>('v1', 'ConfigMap');
const NAMESPACE = resourceKind('v1', 'Namespace', { namespaced: false });
const SERVICE = resourceKind('v1', 'Service');
const REVIEW = resourceKind('authentication.k8s.io/v1', 'TokenReview', { namespaced: false });
const ACCOUNT = resourceKind('v1', 'ServiceAccount');

function refuse(message: string): ApiError {
  return new ApiError({ code: 422, reason: 'Invalid', message });
}

describe('the in-memory API', () => {
  it('shares its objects, frozen, and does not touch those that it is given', async () => {
    const api = new InMemoryApi();
    const sent = widget('ns', 'a', { parts: [{ name: 'x' }] });
    const created = await api.create(WIDGET, sent);
    assert.equal(await api.get(WIDGET, refOf(sent)), created);
    assert.throws(() => Object.assign(created.spec?.parts?.[0] ?? {}, { name: 'y' }), TypeError);
    assert.ok(!Object.isFrozen(sent) && sent.metadata.uid === undefined);
  });

  it('seeds objects with their status, past all admission, and tells the watches', async () => {
    const api = new InMemoryApi({
      admission: () => {
        throw refuse('never');
      },
    });
    const [seeded] = api.seed({ ...widget('ns', 'a', { size: 1 }), status: { note: 'there' } });
    assert.deepEqual(await api.get(WIDGET, { namespace: 'ns', name: 'a' }), seeded);
    assert.deepEqual([seeded?.status, seeded?.metadata.generation], [{ note: 'there' }, 1]);
    const [again] = api.seed(widget('ns', 'a', { size: 2 }));
    assert.equal(again?.metadata.uid, seeded?.metadata.uid);
    const events = await take(api.watch(WIDGET, { resourceVersion: '1' }), 2);
    assert.deepEqual(events.map(nameOfEvent), ['ADDED a', 'MODIFIED a']);
  });

  it('asks admission before every write, which may refuse or change it', async () => {
    const asked: string[] = [];
    const admission = ({ operation, kind, object, old, subresource, fieldManager, dryRun }: AdmissionRequest) => {
      const door = subresource ?? (dryRun ? 'dry' : 'main');
      asked.push([operation, kind.kind, door, fieldManager, old === undefined ? 'new' : 'old'].join(' '));
      const { color } = (object as Widget).spec ?? {};
      if (color === 'forbidden') throw refuse('spec.color: forbidden');
      return color === undefined ? undefined : { ...object, metadata: { ...object.metadata, labels: { color } } };
    };
    const api = new InMemoryApi({ admission, fieldManager: 'default' });
    const created = await api.create(WIDGET, widget('ns', 'a', { color: 'red' }), { dryRun: true });
    assert.deepEqual(created.metadata.labels, { color: 'red' });
    const applied = await api.apply<Widget>(WIDGET, widget('ns', 'a', { color: 'blue' }), { fieldManager: 'one' });
    assert.deepEqual(applied.metadata.labels, { color: 'blue' });
    await assert.rejects(
      api.apply(WIDGET, widget('ns', 'a', { color: 'forbidden' }), { fieldManager: 'one' }),
      /forbidden/,
    );
    assert.equal((await api.get(WIDGET, refOf(applied))).spec?.color, 'blue');
    await api.apply(
      WIDGET,
      { ...widget('ns', 'a'), status: { note: 'x' } },
      { fieldManager: 'one', subresource: 'status' },
    );
    await api.delete(WIDGET, refOf(applied));
    assert.deepEqual(asked, [
      'CREATE Widget dry default new',
      'CREATE Widget main one new',
      'UPDATE Widget main one old',
      'UPDATE Widget status one old',
      'DELETE Widget main  old',
    ]);
  });

  it('answers the creation of what is not stored as it is told', async () => {
    const api = new InMemoryApi();
    api.handleCreate('TokenReview', (body) => ({ ...body, status: { authenticated: true } }));
    api.handleCreate('ServiceAccount/token', (body, parent) => ({ ...body, status: { token: parent?.metadata.name } }));
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: { name: '' }, spec: {} };
    assert.deepEqual((await api.create(REVIEW, review)).status, { authenticated: true });
    assert.deepEqual((await api.list(REVIEW)).items, []);
    api.seed({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'ns', name: 'sa' } });
    const request: KubernetesObject = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: { name: '' },
    };
    const ref = { namespace: 'ns', name: 'sa' };
    assert.deepEqual((await api.createSubresource(ACCOUNT, ref, 'token', request)).status, { token: 'sa' });
    await assert.rejects(api.createSubresource(ACCOUNT, ref, 'other', request), /not found/);
  });

  it('says 410 to a watch that falls too far behind, and only to that one', async () => {
    const api = new InMemoryApi({ historySize: 10 });
    const start = { resourceVersion: api.resourceVersion };
    const slow = api.watch(WIDGET, start)[Symbol.asyncIterator]();
    const quick = take(api.watch(WIDGET, start), 100);
    await api.create(WIDGET, widget('ns', 'w0', {}));
    await slow.next();
    for (let i = 1; i < 100; i++) {
      await api.create(WIDGET, widget('ns', `w${i}`, {}));
      await settle();
    }
    assert.equal((await quick).length, 100);
    const event = (await slow.next()).value as { type: string; object: { code?: number } };
    assert.deepEqual([event.type, event.object.code], ['ERROR', 410]);
    assert.equal((await slow.next()).done, true);
  });

  it('sends bookmarks once a minute and ends watches in time, on the clock that it is given', async () => {
    const clock = new TestClock();
    const api = new InMemoryApi({ clock });
    const { resourceVersion } = api;
    const types: string[] = [];
    let hasEnded = false;
    const read = async (): Promise<void> => {
      const options = { resourceVersion, allowWatchBookmarks: true, timeoutSeconds: 150 };
      for await (const event of api.watch(WIDGET, options)) types.push(event.type);
      hasEnded = true;
    };
    const reading = read();
    await clock.advance(149_000);
    assert.deepEqual([types, hasEnded], [['BOOKMARK', 'BOOKMARK'], false]);
    await clock.advance(1000);
    await reading;
    assert.deepEqual(types, ['BOOKMARK', 'BOOKMARK', 'BOOKMARK']);
    assert.equal(clock.pendingTimers, 0);
  });

  it('deletes with a namespace what is in it, and nothing else', async () => {
    const api = new InMemoryApi();
    await api.create(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' } });
    await api.create(WIDGET, widget('ns', 'a', {}));
    await api.create(WIDGET, widget('other', 'a', {}));
    await api.delete(NAMESPACE, { name: 'ns' });
    assert.deepEqual(
      (await api.list(WIDGET)).items.map((item) => item.metadata.namespace),
      ['other'],
    );
  });

  it('collects dependents through generations, orphans them when told to, and can be told to collect nothing', async () => {
    const chain = async (api: InMemoryApi): Promise<void> => {
      let ownerReferences: { apiVersion: string; kind: string; name: string; uid: string }[] = [];
      for (const name of ['a', 'b', 'c']) {
        const made = await api.create(WIDGET, widget('ns', name, {}, { ownerReferences }));
        const { apiVersion, kind, metadata } = made;
        ownerReferences = [{ apiVersion, kind, name, uid: metadata.uid ?? '' }];
      }
    };
    const left = async (api: InMemoryApi): Promise<string[]> => {
      return (await api.list(WIDGET)).items.map((item) => item.metadata.name);
    };
    const ref = { namespace: 'ns', name: 'a' };
    const api = new InMemoryApi();
    await chain(api);
    await api.delete(WIDGET, ref);
    assert.deepEqual(await left(api), []);
    await chain(api);
    await api.delete(WIDGET, ref, { propagationPolicy: 'Orphan' });
    assert.deepEqual(await left(api), ['b', 'c']);
    const keeper = new InMemoryApi({ collectGarbage: false });
    await chain(keeper);
    await keeper.delete(WIDGET, ref);
    assert.deepEqual(await left(keeper), ['b', 'c']);
  });

  it('deletes what names only owners that are not there', async () => {
    const api = new InMemoryApi();
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'gone', uid: 'gone' }];
    await api.create(WIDGET, widget('ns', 'a', {}, { ownerReferences }));
    assert.deepEqual((await api.list(WIDGET)).items, []);
  });

  it('merges the ports of Services by port and protocol, and the data of ConfigMaps by key', async () => {
    const api = new InMemoryApi();
    const service = (ports: object[]) => {
      return { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'ns', name: 's' }, spec: { ports } };
    };
    await api.apply(SERVICE, service([{ port: 80, name: 'http' }]), { fieldManager: 'one' });
    const merged = await api.apply(SERVICE, service([{ port: 80, protocol: 'TCP' }, { port: 443 }]), {
      fieldManager: 'two',
    });
    assert.deepEqual(merged.spec, { ports: [{ port: 80, name: 'http', protocol: 'TCP' }, { port: 443 }] });
    const map = (data: Record<string, string>) => {
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'ns', name: 'm' }, data };
    };
    await api.apply(CONFIG_MAP, map({ a: '1' }), { fieldManager: 'one' });
    await api.apply(CONFIG_MAP, map({ b: '2' }), { fieldManager: 'two' });
    const both = await api.get(CONFIG_MAP, { namespace: 'ns', name: 'm' });
    assert.deepEqual(both.data, { a: '1', b: '2' });
  });

  it('keeps keys of the prototype as plain data', async () => {
    const api = new InMemoryApi();
    const data = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'ns', name: 'm' }, data };
    await api.apply(CONFIG_MAP, map, { fieldManager: 'one' });
    const stored = await api.apply(CONFIG_MAP, map, { fieldManager: 'two' });
    assert.deepEqual(Object.entries(stored.data ?? {}), [
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    assert.equal(Object.getPrototypeOf(stored.data), Object.prototype);
  });

  it('takes ten thousand objects in its stride', async () => {
    const api = new InMemoryApi();
    const began = performance.now();
    for (let i = 0; i < 10_000; i++) {
      const spec = { size: i, parts: [{ name: 'a', count: i }], options: { a: 'b' } };
      await api.apply(WIDGET, widget(`ns-${i % 100}`, `w${i}`, spec), { fieldManager: 'one' });
    }
    for (let i = 0; i < 1000; i++) await api.list(WIDGET, { namespace: `ns-${i % 100}`, limit: 10 });
    const took = performance.now() - began;
    // Generous, for slow machines: what is quadratic takes far longer.
    assert.ok(took < 60_000, `it took ${took} ms`);
  });
});
