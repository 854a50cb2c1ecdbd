import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Api } from '../../api/api.ts';
import type { ObjectMeta } from '../../api/object.ts';
import { refusal, type Subject } from './subject.ts';
import { WIDGET, type Widget, type WidgetSpec, widget } from './widget.ts';

/** What an API must do for server-side apply. */
export function applyContract(subject: Subject): void {
  /** Applies as a manager. */
  const as = (
    fieldManager: string,
    name: string,
    spec: WidgetSpec,
    metadata: Partial<ObjectMeta> = {},
    force = false,
  ) => {
    const { api, namespace } = subject();
    return api.apply<Widget>(WIDGET, widget(namespace, name, spec, metadata), { fieldManager, force });
  };

  describe('apply', () => {
    it('makes an object, and a second time nothing', async () => {
      const first = await as('one', 'applied', { color: 'red', nested: { a: 'x' } });
      assert.equal(first.metadata.generation, 1);
      assert.deepEqual(managers(first), [['one', 'Apply']]);
      const second = await as('one', 'applied', { color: 'red', nested: { a: 'x' } });
      assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
    });

    it('says in managedFields who owns what', async () => {
      const applied = await as('one', 'fields', {
        color: 'red',
        nested: { a: 'x' },
        options: { k: 'v' },
        parts: [{ name: 'p', count: 1 }],
        tags: ['t'],
        steps: ['s'],
      });
      assert.deepEqual(applied.metadata.managedFields?.[0]?.fieldsV1, {
        'f:spec': {
          'f:color': {},
          'f:nested': { 'f:a': {} },
          'f:options': { 'f:k': {} },
          'f:parts': { 'k:{"name":"p"}': { '.': {}, 'f:name': {}, 'f:count': {} } },
          'f:steps': {},
          'f:tags': { 'v:"t"': {} },
        },
      });
    });

    it('of two managers keeps what each of them says', async () => {
      await as('one', 'merged', { color: 'red', nested: { a: 'x' } }, { labels: { one: '1' } });
      const merged = await as('two', 'merged', { size: 2, nested: { b: 'y' } }, { labels: { two: '2' } });
      assert.deepEqual(merged.spec, { color: 'red', size: 2, nested: { a: 'x', b: 'y' } });
      assert.deepEqual(merged.metadata.labels, { one: '1', two: '2' });
      assert.equal(merged.metadata.generation, 2);
    });

    it('of what another manager set conflicts, and says which field and which manager', async () => {
      await as('one', 'contested', { color: 'red', size: 1 });
      const error = await refusal(as('two', 'contested', { color: 'blue' }));
      assert.deepEqual([error.code, error.reason], [409, 'Conflict']);
      assert.equal(error.message, 'Apply failed with 1 conflict: conflict with "one": .spec.color');
      const [cause] = error.details?.causes ?? [];
      assert.deepEqual([cause?.reason, cause?.field], ['FieldManagerConflict', '.spec.color']);
      const several = await refusal(as('two', 'contested', { color: 'blue', size: 2 }));
      assert.deepEqual(several.details?.causes?.map((each) => each.field).sort(), ['.spec.color', '.spec.size']);
    });

    it('of the same value shares the field', async () => {
      await as('one', 'shared', { color: 'red' });
      await as('two', 'shared', { color: 'red' });
      const left = await as('one', 'shared', {});
      assert.equal(left.spec?.color, 'red', 'the other manager still wants it');
    });

    it('with force takes the field', async () => {
      await as('one', 'forced', { color: 'red', size: 1 });
      const forced = await as('two', 'forced', { color: 'blue' }, {}, true);
      assert.equal(forced.spec?.color, 'blue');
      const dropped = await as('one', 'forced', { size: 1 });
      assert.equal(dropped.spec?.color, 'blue', 'it belongs to the other manager now');
      const error = await refusal(as('one', 'forced', { color: 'red', size: 1 }));
      assert.match(error.message, /conflict with "two"/);
    });

    it('takes out what the manager no longer says', async () => {
      await as('one', 'dropped', { color: 'red', size: 1, nested: { a: 'x' }, options: { k: 'v' } });
      const left = await as('one', 'dropped', { size: 1 });
      assert.deepEqual(left.spec, { size: 1 });
    });

    it('takes out single entries of maps, sets and keyed lists', async () => {
      const labels = { keep: '1', drop: '2' };
      const parts = [{ name: 'a', count: 1 }, { name: 'b' }];
      await as('one', 'entries', { options: { keep: 'x', drop: 'y' }, tags: ['keep', 'drop'], parts }, { labels });
      const left = await as(
        'one',
        'entries',
        { options: { keep: 'x' }, tags: ['keep'], parts: [{ name: 'b' }] },
        { labels: { keep: '1' } },
      );
      assert.deepEqual(left.spec, { options: { keep: 'x' }, tags: ['keep'], parts: [{ name: 'b' }] });
      assert.deepEqual(left.metadata.labels, { keep: '1' });
    });

    it('merges keyed lists by their keys, in the order applied last', async () => {
      await as('one', 'keyed', { parts: [{ name: 'a' }, { name: 'b', count: 1 }] });
      const merged = await as('two', 'keyed', { parts: [{ name: 'c' }, { name: 'a', count: 5 }] });
      assert.deepEqual(merged.spec?.parts, [{ name: 'c' }, { name: 'a', count: 5 }, { name: 'b', count: 1 }]);
      const left = await as('one', 'keyed', { parts: [{ name: 'b', count: 1 }] });
      assert.deepEqual(left.spec?.parts, [{ name: 'c' }, { name: 'a', count: 5 }, { name: 'b', count: 1 }]);
      const error = await refusal(as('two', 'keyed', { parts: [{ name: 'b', count: 2 }] }));
      assert.equal(error.details?.causes?.[0]?.field, '.spec.parts[name="b"].count');
    });

    it('replaces atomic lists as a whole', async () => {
      await as('one', 'atomic', { steps: ['a', 'b'] });
      const error = await refusal(as('two', 'atomic', { steps: ['b'] }));
      assert.equal(error.details?.causes?.[0]?.field, '.spec.steps');
      const changed = await as('one', 'atomic', { steps: ['c'] });
      assert.deepEqual(changed.spec?.steps, ['c']);
    });

    it('conflicts with what was written by replace', async () => {
      const { api } = subject();
      const applied = await as('one', 'edited', { color: 'red', size: 1 });
      await api.replace(WIDGET, { ...applied, spec: { color: 'blue', size: 1 } }, { fieldManager: 'editor' });
      const error = await refusal(as('one', 'edited', { color: 'red', size: 1 }));
      assert.match(error.message, /conflict with "editor" using framework\.example\.com\/v1/);
      const forced = await as('one', 'edited', { color: 'red', size: 1 }, {}, true);
      assert.deepEqual(managers(forced), [['one', 'Apply']]);
    });

    it('leaves alone what was created by somebody else and is not applied', async () => {
      const { api, namespace } = subject();
      await api.create(WIDGET, widget(namespace, 'adopted', { color: 'red', size: 1 }), { fieldManager: 'maker' });
      const adopted = await as('one', 'adopted', { color: 'red' });
      const left = await as('one', 'adopted', {});
      assert.deepEqual(
        [adopted.spec, left.spec],
        [
          { color: 'red', size: 1 },
          { color: 'red', size: 1 },
        ],
      );
    });

    it('of an older version conflicts', async () => {
      const applied = await as('one', 'versioned', { color: 'red' });
      const { resourceVersion = '' } = applied.metadata;
      const changed = await as('one', 'versioned', { color: 'blue' }, { resourceVersion });
      assert.equal(changed.spec?.color, 'blue');
      const error = await refusal(as('one', 'versioned', { color: 'green' }, { resourceVersion }));
      assert.deepEqual([error.code, error.reason], [409, 'Conflict']);
    });

    it('of empty maps and lists keeps them, and takes all of them out again', async () => {
      const empty = { nested: {}, options: {}, parts: [], tags: [] };
      const applied = await as('one', 'empty', empty);
      assert.deepEqual(applied.spec, empty);
      assert.deepEqual(applied.metadata.managedFields?.[0]?.fieldsV1, {
        'f:spec': { 'f:nested': {}, 'f:options': {} },
      });
      const fieldManager = 'one';
      const { api, namespace } = subject();
      const left = await api.apply<Widget>(WIDGET, widget(namespace, 'empty'), { fieldManager });
      assert.equal(left.spec, undefined);
    });

    it('refuses keyed lists that have a key twice', async () => {
      const error = await refusal(as('one', 'duplicates', { parts: [{ name: 'a' }, { name: 'a' }] }));
      assert.match(error.message, /\.spec\.parts: duplicate entries for key \[name="a"\]/);
    });

    it('does nothing in a dry run but says what it would do', async () => {
      const { api, namespace } = subject();
      const before = await as('one', 'dry-applied', { color: 'red' });
      const object = widget(namespace, 'dry-applied', { color: 'blue' });
      const dry = await api.apply<Widget>(WIDGET, object, { fieldManager: 'one', dryRun: true });
      assert.equal(dry.spec?.color, 'blue');
      assert.deepEqual(await api.get(WIDGET, { namespace, name: 'dry-applied' }), before);
    });

    it('refuses managedFields, and another uid than the stored one', async () => {
      const applied = await as('one', 'refused', { color: 'red' });
      const { managedFields = [] } = applied.metadata;
      assert.equal((await refusal(as('one', 'refused', {}, { managedFields }))).code, 400);
      const uid = '00000000-0000-0000-0000-000000000000';
      const error = await refusal(as('one', 'refused', { color: 'red' }, { uid }));
      assert.deepEqual([error.code, error.details?.causes?.[0]?.field], [422, 'metadata.uid']);
      assert.equal((await refusal(as('one', 'unborn', { color: 'red' }, { uid }))).code, 409);
    });
  });

  describe('apply of the status', () => {
    it('changes the status alone, and the main apply everything else', async () => {
      const { api, namespace } = subject();
      const applied = await as('one', 'status', { color: 'red' });
      const reported = await report(api, 'one', widget(namespace, 'status'), { note: 'fine' });
      assert.deepEqual([reported.spec, reported.status], [{ color: 'red' }, { note: 'fine' }]);
      assert.equal(reported.metadata.generation, 1);
      assert.notEqual(reported.metadata.resourceVersion, applied.metadata.resourceVersion);
      const object = { ...widget(namespace, 'status', { color: 'red' }), status: { note: 'ignored' } };
      const again = await api.apply<Widget>(WIDGET, object, { fieldManager: 'one' });
      assert.deepEqual(again, reported, 'nothing has changed');
      const same = await report(api, 'one', widget(namespace, 'status'), { note: 'fine' });
      assert.equal(same.metadata.resourceVersion, reported.metadata.resourceVersion);
    });

    it('lets several managers have conditions of their own', async () => {
      const { api, namespace } = subject();
      await as('one', 'conditions', { color: 'red' });
      const object = widget(namespace, 'conditions');
      await report(api, 'one', object, { conditions: [condition('Ready', 'False')] });
      const both = await report(api, 'two', object, { conditions: [condition('Healthy', 'True')] });
      assert.deepEqual(both.status?.conditions?.map(({ type }) => type).sort(), ['Healthy', 'Ready']);
      const turned = await report(api, 'one', object, { conditions: [condition('Ready', 'True')] });
      assert.deepEqual(turned.status?.conditions?.map(({ type, status }) => `${type}=${status}`).sort(), [
        'Healthy=True',
        'Ready=True',
      ]);
      const left = await report(api, 'one', object, {});
      assert.deepEqual(
        left.status?.conditions?.map(({ type }) => type),
        ['Healthy'],
      );
    });

    it('takes no notice of the uid, so that only a version guards against another object of the same name', async () => {
      const { api, namespace } = subject();
      const applied = await as('one', 'uid', { color: 'red' });
      const metadata = { uid: '00000000-0000-0000-0000-000000000000' };
      const reported = await report(api, 'one', widget(namespace, 'uid', undefined, metadata), { note: 'x' });
      assert.deepEqual([reported.status?.note, reported.metadata.uid], ['x', applied.metadata.uid]);
      const { resourceVersion = '' } = applied.metadata;
      const stale = widget(namespace, 'uid', undefined, { resourceVersion });
      assert.equal((await refusal(report(api, 'one', stale, { note: 'y' }))).code, 409);
    });

    it('of what is not there is not found', async () => {
      const { api, namespace } = subject();
      assert.equal((await refusal(report(api, 'one', widget(namespace, 'nobody'), { note: 'x' }))).code, 404);
    });
  });
}

function report(
  api: Api,
  fieldManager: string,
  object: Widget,
  status: NonNullable<Widget['status']>,
): Promise<Widget> {
  return api.apply<Widget>(WIDGET, { ...object, status }, { fieldManager, subresource: 'status', force: true });
}

function condition(type: string, status: 'True' | 'False') {
  return { type, status, reason: 'Test', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
}

function managers(object: Widget): [string, string][] {
  return (object.metadata.managedFields ?? []).map(({ manager, operation }) => [manager, operation]);
}
