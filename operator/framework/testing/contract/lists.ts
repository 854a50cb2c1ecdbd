import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../../api/api-error.ts';
import type { Api, ListPage } from '../../api/api.ts';
import { refOf } from '../../api/object.ts';
import { nameOfEvent, refusal, type Subject, take } from './subject.ts';
import { WIDGET, type Widget, widget } from './widget.ts';

/** What an API must do for lists and watches. */
export function listContract(subject: Subject): void {
  /** Makes widgets that only the calling test has. */
  const make = async (group: string, ...names: readonly string[]): Promise<Widget[]> => {
    const { api, namespace } = subject();
    const made: Widget[] = [];
    for (const name of names) {
      made.push(await api.create(WIDGET, widget(namespace, name, { color: 'red' }, { labels: { group } })));
    }
    return made;
  };
  const versionNow = async (): Promise<string> => {
    const { api, namespace } = subject();
    return (await api.list(WIDGET, { namespace, limit: 1 })).resourceVersion;
  };

  describe('list', () => {
    it('has the objects of the namespace in the order of their names, with kind and version', async () => {
      const { api, namespace } = subject();
      await make('ordered', 'list-b', 'list-a', 'list-c');
      const { items } = await api.list(WIDGET, { namespace, labelSelector: 'group=ordered' });
      assert.deepEqual(
        items.map((item) => item.metadata.name),
        ['list-a', 'list-b', 'list-c'],
      );
      assert.deepEqual([items[0]?.apiVersion, items[0]?.kind], ['framework.example.com/v1', 'Widget']);
      const elsewhere = await api.list(WIDGET, { namespace: 'another', labelSelector: 'group=ordered' });
      assert.deepEqual(elsewhere.items, []);
    });

    it('selects by labels and by name', async () => {
      const { api, namespace } = subject();
      await make('x', 'select-x');
      await make('y', 'select-y', 'select-z');
      const names = async (labelSelector: string): Promise<string[]> => {
        const { items } = await api.list(WIDGET, { namespace, labelSelector });
        return items.map((item) => item.metadata.name).filter((name) => name.startsWith('select-'));
      };
      assert.deepEqual(await names('group in (x, y), group!=x'), ['select-y', 'select-z']);
      assert.deepEqual(await names('group notin (y)'), ['select-x']);
      assert.deepEqual(await names('group'), ['select-x', 'select-y', 'select-z']);
      assert.deepEqual(await names('!group'), []);
      const { items } = await api.list(WIDGET, { namespace, fieldSelector: 'metadata.name=select-x' });
      assert.deepEqual(
        items.map((item) => item.metadata.name),
        ['select-x'],
      );
      assert.equal((await refusal(api.list(WIDGET, { namespace, labelSelector: 'a in b' }))).code, 400);
    });

    it('comes in pages of one moment', async () => {
      const { api, namespace } = subject();
      await make('paged', 'page-1', 'page-2', 'page-3', 'page-4', 'page-5');
      const select = { namespace, labelSelector: 'group=paged' };
      const first = await api.list(WIDGET, { ...select, limit: 2 });
      await make('paged', 'page-6');
      await api.delete(WIDGET, { namespace, name: 'page-4' });
      const names = first.items.map((item) => item.metadata.name);
      let page: ListPage = first;
      while (page.continue !== undefined) {
        page = await api.list(WIDGET, { ...select, limit: 2, continue: page.continue });
        names.push(...page.items.map((item) => item.metadata.name));
        assert.equal(page.resourceVersion, first.resourceVersion);
      }
      assert.deepEqual(names, ['page-1', 'page-2', 'page-3', 'page-4', 'page-5']);
    });

    it('is refused at a version that is still to come', async () => {
      const { api, namespace } = subject();
      const resourceVersion = String(Number(await versionNow()) + 1_000_000);
      const error = await refusal(
        api.list(WIDGET, { namespace, resourceVersion, resourceVersionMatch: 'NotOlderThan', limit: 5 }),
      );
      assert.equal(error.code, 504);
      assert.match(error.message, /Too large resource version/);
    });
  });

  describe('watch', () => {
    it('tells every change after a version, in order', async () => {
      const { api, namespace } = subject();
      const resourceVersion = await versionNow();
      const [made] = await make('watched', 'watch-a');
      await api.replace(WIDGET, { ...(made as Widget), spec: { color: 'blue' } });
      await make('watched', 'watch-b');
      await api.delete(WIDGET, { namespace, name: 'watch-a' });
      const events = await take(api.watch(WIDGET, { namespace, resourceVersion }), 4);
      assert.deepEqual(events.map(nameOfEvent), [
        'ADDED watch-a',
        'MODIFIED watch-a',
        'ADDED watch-b',
        'DELETED watch-a',
      ]);
      const versions = events.map(({ object }) => Number('metadata' in object ? object.metadata.resourceVersion : 0));
      assert.deepEqual(
        versions,
        versions.toSorted((a, b) => a - b),
        'also the deletion has a version of its own',
      );
      assert.equal(new Set(versions).size, 4);
    });

    it('tells changes as they happen', async () => {
      const { api, namespace } = subject();
      const events = take(api.watch(WIDGET, { namespace, resourceVersion: await versionNow() }), 1);
      await make('live', 'watch-live');
      assert.deepEqual((await events).map(nameOfEvent), ['ADDED watch-live']);
    });

    it('with a selector tells of what begins and ceases to match', async () => {
      const { api, namespace } = subject();
      const resourceVersion = await versionNow();
      const [made] = (await make('out', 'watch-moves')) as [Widget];
      const move = (object: Widget, group: string): Promise<Widget> => {
        return api.replace(WIDGET, { ...object, metadata: { ...object.metadata, labels: { group } } });
      };
      const inside = await move(made, 'in');
      await move(await api.replace(WIDGET, { ...inside, spec: { color: 'blue' } }), 'out');
      const events = await take(api.watch(WIDGET, { namespace, resourceVersion, labelSelector: 'group=in' }), 3);
      assert.deepEqual(events.map(nameOfEvent), ['ADDED watch-moves', 'MODIFIED watch-moves', 'DELETED watch-moves']);
    });

    it('ends when its time is over, with a bookmark before', async (t) => {
      const { api, namespace, bookmarkSeconds } = subject();
      if (bookmarkSeconds === undefined) return t.skip('there are no bookmarks here');
      const resourceVersion = await versionNow();
      const [seen] = (await make('bookmarked', 'bookmark-1')) as [Widget];
      const events: string[] = [];
      let bookmark = '';
      const options = { namespace, labelSelector: 'group=bookmarked', resourceVersion, allowWatchBookmarks: true };
      for await (const event of api.watch(WIDGET, { ...options, timeoutSeconds: bookmarkSeconds })) {
        events.push(event.type);
        // There is something to remember only when something happens, if not to the objects that are watched.
        if (event.type === 'ADDED') await make('somebody', 'bookmark-2');
        if (event.type === 'BOOKMARK') bookmark = event.object.metadata.resourceVersion ?? '';
      }
      assert.deepEqual(events.slice(0, 2), ['ADDED', 'BOOKMARK']);
      assert.ok(Number(bookmark) > Number(seen.metadata.resourceVersion));
      return undefined;
    });

    it('throws the reason of the abort', async () => {
      const { api, namespace } = subject();
      const controller = new AbortController();
      const { signal } = controller;
      const events = take(api.watch(WIDGET, { namespace, resourceVersion: await versionNow(), signal }), 1);
      setImmediate(() => controller.abort(new Error('enough')));
      await assert.rejects(events, /^Error: enough$/);
    });

    it('and list say 410 when their version is no longer kept', async (t) => {
      const { api, namespace, compact } = subject();
      if (compact === undefined) return t.skip('nothing compacts here');
      const [first] = (await make('old', 'old-1', 'old-2', 'old-3')) as [Widget];
      const page = await api.list(WIDGET, { namespace, limit: 1 });
      await api.delete(WIDGET, refOf(first));
      await compact();
      assert.equal(await watchRefusal(api, namespace, first.metadata.resourceVersion ?? ''), 410);
      const error = await refusal(api.list(WIDGET, { namespace, limit: 1, continue: page.continue ?? '' }));
      assert.equal(error.code, 410);
      return undefined;
    });
  });
}

/** The code with which a watch is refused, in whichever form. */
async function watchRefusal(api: Api, namespace: string, resourceVersion: string): Promise<number | undefined> {
  try {
    const [event] = await take(api.watch(WIDGET, { namespace, resourceVersion, timeoutSeconds: 5 }), 1);
    return event?.type === 'ERROR' ? event.object.code : undefined;
  } catch (thrown) {
    return ApiError.from(thrown).code;
  }
}
