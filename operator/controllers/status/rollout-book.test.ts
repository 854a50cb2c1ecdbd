import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AckView, RolloutBook } from './rollout-book.ts';

/** Proxies that use everything; `acked` is proxy → entry → revision. */
function proxies(acked: Record<string, Record<string, number>>): AckView {
  return {
    connected: () => Object.keys(acked),
    uses: (proxy, entry) => acked[proxy]?.[entry] !== undefined,
    ackedRevision: (proxy, entry) => acked[proxy]?.[entry] ?? -1,
  };
}

test('a generation is through only when every proxy concerned has acknowledged every entry', () => {
  const book = new RolloutBook(proxies({ a: { route: 1, cluster: 1 }, b: { route: 1 } }));
  book.begin('split', 2, [
    { key: 'route', revision: 5 },
    { key: 'cluster', revision: 5 },
  ]);
  assert.deepEqual(book.progressOf('split', 2), { kind: 'waiting', concerned: 2, waitingFor: ['a', 'b'] });
  book.acknowledged('a', 'route', 5);
  book.acknowledged('b', 'route', 5);
  assert.deepEqual(book.progressOf('split', 2), { kind: 'waiting', concerned: 2, waitingFor: ['a'] });
  assert.deepEqual(book.acknowledged('a', 'cluster', 6), ['split']);
  assert.deepEqual(book.progressOf('split', 2), { kind: 'acknowledged', concerned: 2 });
});

test('the acknowledgement of an older revision does not count', () => {
  const book = new RolloutBook(proxies({ a: { route: 1 } }));
  book.begin('split', 2, [{ key: 'route', revision: 5 }]);
  assert.deepEqual(book.acknowledged('a', 'route', 4), []);
  assert.equal(book.progressOf('split', 2).kind, 'waiting');
});

test('an entry whose bytes did not change waits for nobody', () => {
  const book = new RolloutBook(proxies({ a: { route: 5 } }));
  book.begin('split', 2, [{ key: 'route', revision: 5 }]);
  assert.deepEqual(book.progressOf('split', 2), { kind: 'acknowledged', concerned: 1 });
});

test('proxies that use nothing of it are not concerned', () => {
  const book = new RolloutBook(proxies({ a: {} }));
  book.begin('split', 1, [{ key: 'route', revision: 5 }]);
  assert.deepEqual(book.progressOf('split', 1), { kind: 'acknowledged', concerned: 0 });
});

test('a proxy that is forgotten leaves the count and holds up nothing', () => {
  const book = new RolloutBook(proxies({ a: { route: 1 }, b: { route: 1 } }));
  book.begin('split', 2, [{ key: 'route', revision: 5 }]);
  book.acknowledged('a', 'route', 5);
  assert.deepEqual(book.forget('b'), ['split']);
  assert.deepEqual(book.progressOf('split', 2), { kind: 'acknowledged', concerned: 1 });
});

test('another generation than the one rolled out is unknown', () => {
  const book = new RolloutBook(proxies({}));
  book.begin('split', 2, []);
  assert.deepEqual(book.progressOf('split', 3), { kind: 'unknown' });
  assert.deepEqual(book.progressOf('other', 1), { kind: 'unknown' });
});

test('a proxy that was started anew and uses nothing of it holds up nothing', () => {
  const uses: Record<string, Record<string, number>> = { a: { route: 1, cluster: 1 }, b: { route: 1 } };
  const book = new RolloutBook(proxies(uses));
  const entries = ['route', 'cluster'].map((key) => ({ key, revision: 5 }));
  book.begin('split', 2, entries);
  uses['a'] = { cluster: 1 };
  assert.deepEqual(book.review('a'), ['split']);
  assert.deepEqual(book.progressOf('split', 2), { kind: 'waiting', concerned: 2, waitingFor: ['a', 'b'] });
  uses['a'] = { cluster: 5 };
  assert.deepEqual(book.review('a'), ['split']);
  assert.deepEqual(book.progressOf('split', 2), { kind: 'waiting', concerned: 2, waitingFor: ['b'] });
  assert.deepEqual(book.review('b'), []);
});
