import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refOf } from '../../api/object.ts';
import { refusal, type Subject } from './subject.ts';
import { WIDGET, widget } from './widget.ts';

/** What an API must do with single objects: create, read, replace, delete. */
export function objectContract(subject: Subject): void {
  describe('objects', () => {
    it('are created with an identity, in generation 1 and without the status that was sent', async () => {
      const { api, namespace } = subject();
      const sent = { ...widget(namespace, 'created', { color: 'red' }), status: { note: 'mine' } };
      const created = await api.create(WIDGET, sent);
      assert.match(created.metadata.uid ?? '', /^[0-9a-f-]{36}$/);
      assert.match(created.metadata.resourceVersion ?? '', /^\d+$/);
      assert.match(created.metadata.creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.equal(created.metadata.generation, 1);
      assert.equal(created.status, undefined);
      assert.deepEqual(await api.get(WIDGET, refOf(created)), created);
    });

    it('are refused when they exist already', async () => {
      const { api, namespace } = subject();
      await api.create(WIDGET, widget(namespace, 'twice', {}));
      const error = await refusal(api.create(WIDGET, widget(namespace, 'twice', {})));
      assert.deepEqual([error.code, error.reason], [409, 'AlreadyExists']);
      assert.match(error.message, /widgets\.framework\.example\.com "twice" already exists/);
    });

    it('are not found when they do not exist', async () => {
      const { api, namespace } = subject();
      const error = await refusal(api.get(WIDGET, { namespace, name: 'nobody' }));
      assert.deepEqual([error.code, error.reason, error.details?.name], [404, 'NotFound', 'nobody']);
      assert.match(error.message, /widgets\.framework\.example\.com "nobody" not found/);
    });

    it('get a name of their own from generateName, and are refused without either', async () => {
      const { api, namespace } = subject();
      const created = await api.create(WIDGET, widget(namespace, '', {}, { generateName: 'made-' }));
      assert.match(created.metadata.name, /^made-.{5}$/);
      const error = await refusal(api.create(WIDGET, widget(namespace, '', {})));
      assert.deepEqual([error.code, error.reason], [422, 'Invalid']);
    });

    it('are refused when their name is none', async () => {
      const { api, namespace } = subject();
      const error = await refusal(api.create(WIDGET, widget(namespace, 'Bad_Name', {})));
      assert.deepEqual([error.code, error.details?.causes?.[0]?.field], [422, 'metadata.name']);
    });

    it('are refused when they are of another kind', async () => {
      const { api, namespace } = subject();
      const error = await refusal(api.create(WIDGET, { ...widget(namespace, 'gadget'), kind: 'Gadget' }));
      assert.deepEqual([error.code, error.details?.causes?.[0]?.field], [422, 'kind']);
      const older = await refusal(api.create(WIDGET, { ...widget(namespace, 'gadget'), apiVersion: 'v0' }));
      assert.deepEqual([older.code, older.reason], [400, 'BadRequest']);
    });

    it('are not stored by a dry run', async () => {
      const { api, namespace } = subject();
      const dry = await api.create(WIDGET, widget(namespace, 'dry', { color: 'red' }), { dryRun: true });
      assert.equal(dry.spec?.color, 'red');
      assert.equal((await refusal(api.get(WIDGET, refOf(dry)))).code, 404);
    });
  });

  describe('replace', () => {
    it('makes a new generation of a new spec, and none of new metadata', async () => {
      const { api, namespace } = subject();
      const created = await api.create(WIDGET, widget(namespace, 'generations', { color: 'red' }));
      const recoloured = await api.replace(WIDGET, { ...created, spec: { color: 'blue' } });
      assert.equal(recoloured.metadata.generation, 2);
      const labels = { tier: 'a' };
      const labelled = await api.replace(WIDGET, { ...recoloured, metadata: { ...recoloured.metadata, labels } });
      assert.equal(labelled.metadata.generation, 2);
      assert.deepEqual(labelled.metadata.labels, labels);
      assert.notEqual(labelled.metadata.resourceVersion, recoloured.metadata.resourceVersion);
    });

    it('with nothing new makes no new version', async () => {
      const { api, namespace } = subject();
      const created = await api.create(WIDGET, widget(namespace, 'unchanged', { color: 'red' }));
      const again = await api.replace(WIDGET, created);
      assert.equal(again.metadata.resourceVersion, created.metadata.resourceVersion);
    });

    it('of an older version conflicts', async () => {
      const { api, namespace } = subject();
      const created = await api.create(WIDGET, widget(namespace, 'stale', { color: 'red' }));
      await api.replace(WIDGET, { ...created, spec: { color: 'blue' } });
      const error = await refusal(api.replace(WIDGET, { ...created, spec: { color: 'green' } }));
      assert.deepEqual([error.code, error.reason], [409, 'Conflict']);
      assert.match(error.message, /the object has been modified/);
    });

    it('of a custom kind has to say of which version', async () => {
      const { api, namespace } = subject();
      await api.create(WIDGET, widget(namespace, 'unconditional', {}));
      const error = await refusal(api.replace(WIDGET, widget(namespace, 'unconditional', { color: 'red' })));
      assert.deepEqual([error.code, error.details?.causes?.[0]?.field], [422, 'metadata.resourceVersion']);
    });

    it('of another object of the same name conflicts', async () => {
      const { api, namespace } = subject();
      const first = await api.create(WIDGET, widget(namespace, 'reborn', { color: 'red' }));
      await api.delete(WIDGET, refOf(first));
      const second = await api.create(WIDGET, widget(namespace, 'reborn', { color: 'red' }));
      const metadata = { ...second.metadata, uid: first.metadata.uid ?? '' };
      const error = await refusal(api.replace(WIDGET, { ...second, metadata, spec: { color: 'blue' } }));
      assert.deepEqual([error.code, error.reason], [409, 'Conflict']);
    });

    it('of what is not there is not found', async () => {
      const { api, namespace } = subject();
      const nobody = widget(namespace, 'never', {}, { resourceVersion: '1' });
      assert.equal((await refusal(api.replace(WIDGET, nobody))).code, 404);
    });

    it('leaves the status alone, and on the status subresource everything else', async () => {
      const { api, namespace } = subject();
      const created = await api.create(WIDGET, widget(namespace, 'isolated', { color: 'red' }));
      const reported = await api.replace(
        WIDGET,
        { ...created, spec: { color: 'ignored' }, status: { note: 'fine' } },
        { subresource: 'status' },
      );
      assert.deepEqual([reported.spec, reported.status], [{ color: 'red' }, { note: 'fine' }]);
      assert.equal(reported.metadata.generation, 1);
      const respecced = await api.replace(WIDGET, { ...reported, spec: { size: 1 }, status: { note: 'ignored' } });
      assert.deepEqual([respecced.spec, respecced.status], [{ size: 1 }, { note: 'fine' }]);
    });
  });

  describe('delete', () => {
    it('of what is not there is not found', async () => {
      const { api, namespace } = subject();
      assert.equal((await refusal(api.delete(WIDGET, { namespace, name: 'nobody' }))).code, 404);
    });

    it('waits for finalizers, and happens when the last one goes', async () => {
      const { api, namespace } = subject();
      const finalizers = ['framework.example.com/wait'];
      const created = await api.create(WIDGET, widget(namespace, 'finalized', { color: 'red' }, { finalizers }));
      await api.delete(WIDGET, refOf(created));
      const leaving = await api.get(WIDGET, refOf(created));
      assert.match(leaving.metadata.deletionTimestamp ?? '', /^\d{4}-/);
      assert.deepEqual(leaving.metadata.finalizers, finalizers);
      await api.replace(WIDGET, { ...leaving, metadata: { ...leaving.metadata, finalizers: [] } });
      assert.equal((await refusal(api.get(WIDGET, refOf(created)))).code, 404);
    });

    it('happens only to the object that is meant', async () => {
      const { api, namespace } = subject();
      const created = await api.create(WIDGET, widget(namespace, 'precise', {}));
      const uid = '00000000-0000-0000-0000-000000000000';
      const error = await refusal(api.delete(WIDGET, refOf(created), { preconditions: { uid } }));
      assert.deepEqual([error.code, error.reason], [409, 'Conflict']);
      await api.delete(WIDGET, refOf(created), { preconditions: { uid: created.metadata.uid ?? '' } });
      assert.equal((await refusal(api.get(WIDGET, refOf(created)))).code, 404);
    });

    it('does nothing in a dry run', async () => {
      const { api, namespace } = subject();
      const created = await api.create(WIDGET, widget(namespace, 'spared', {}));
      await api.delete(WIDGET, refOf(created), { dryRun: true });
      assert.equal((await api.get(WIDGET, refOf(created))).metadata.uid, created.metadata.uid);
    });

    it('of an owner takes what belongs to nobody else', async (t) => {
      const { api, namespace, collectsGarbage } = subject();
      if (!collectsGarbage) return t.skip('nothing collects garbage here');
      const [owner, other] = [widget(namespace, 'owner', {}), widget(namespace, 'other', {})];
      const references = await Promise.all(
        [owner, other].map(async (object) => {
          const { metadata, apiVersion, kind } = await api.create(WIDGET, object);
          return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '' };
        }),
      );
      await api.create(WIDGET, widget(namespace, 'child', {}, { ownerReferences: references.slice(0, 1) }));
      await api.create(WIDGET, widget(namespace, 'shared', {}, { ownerReferences: references }));
      await api.delete(WIDGET, refOf(owner));
      const left = (await api.list(WIDGET, { namespace })).items.map((item) => item.metadata.name);
      assert.deepEqual(
        ['owner', 'child', 'shared', 'other'].filter((name) => left.includes(name)),
        ['shared', 'other'],
      );
      return undefined;
    });
  });
}
