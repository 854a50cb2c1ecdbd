import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../api/api-error.ts';
import type { WatchEvent } from '../api/api.ts';
import type { KubernetesObject } from '../api/object.ts';
import { compareResourceVersions } from './resource-version.ts';
import type { WatcherState } from './state.ts';
import { afterError, afterEvent, afterPage, type Belief, type KnownObjects } from './transitions.ts';

function object(name: string, version: number): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, resourceVersion: String(version) } };
}

function knowing(...objects: readonly KubernetesObject[]): KnownObjects {
  const versions = new Map(objects.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
  return { size: () => versions.size, versionOf: (key) => versions.get(key) };
}

const NOTHING = knowing();
const EMPTY = { kind: 'empty', reason: 'initial' } as const;
/** A list that was doubted at 0 is believed from 100 on. */
const at = (now: number): Belief => ({ now, hold: 100, neverEmpty: false });
const WATCHING = { kind: 'watching', resourceVersion: '10' } as const;

describe('a page of a list', () => {
  it('that is the last one completes the list', () => {
    const step = afterPage(EMPTY, { resourceVersion: '5', items: [object('a', 1)] }, NOTHING, at(0));
    assert.deepEqual(step.state, { kind: 'watching', resourceVersion: '5' });
    assert.deepEqual(step.output, { kind: 'replace', objects: [object('a', 1)] });
  });

  it('that is not the last one tells the store nothing yet', () => {
    const first = afterPage(EMPTY, { resourceVersion: '5', items: [object('a', 1)], continue: 'c' }, NOTHING, at(0));
    assert.deepEqual(first, {
      state: { kind: 'init-page', reason: 'initial', items: [object('a', 1)], continue: 'c' },
    });
    assert.ok(first.state.kind === 'init-page');
    const last = afterPage(first.state, { resourceVersion: '5', items: [object('b', 2)] }, NOTHING, at(0));
    assert.deepEqual(last.output, { kind: 'replace', objects: [object('a', 1), object('b', 2)] });
  });

  it('that is empty is believed at once only when nothing was known', () => {
    const page = { resourceVersion: '5', items: [] };
    const known = knowing(object('a', 1));
    assert.deepEqual(afterPage(EMPTY, page, NOTHING, at(0)).output, { kind: 'replace', objects: [] });
    const doubted = afterPage(EMPTY, page, known, at(0));
    assert.deepEqual(doubted, { state: { kind: 'doubt', reason: 'initial', doubt: { since: 0, lists: 1 } } });
    assert.ok(doubted.state.kind === 'doubt');
    const again = afterPage(doubted.state, page, known, at(99));
    assert.deepEqual(again, { state: { kind: 'doubt', reason: 'initial', doubt: { since: 0, lists: 2 } } });
    assert.ok(again.state.kind === 'doubt');
    assert.deepEqual(afterPage(again.state, page, known, at(100)).output, { kind: 'replace', objects: [] });
    const back = { resourceVersion: '6', items: [object('a', 1)] };
    assert.deepEqual(afterPage(again.state, back, known, at(100)).output, { kind: 'replace', objects: back.items });
  });

  it('that is empty is believed at the start only of kinds that can be', () => {
    const page = { resourceVersion: '5', items: [] };
    const step = afterPage(EMPTY, page, NOTHING, { ...at(0), neverEmpty: true });
    assert.equal(step.state.kind, 'doubt');
  });

  it('that has lost more than nine in ten of many is doubted like an empty one, over all of its pages', () => {
    const many = knowing(...Array.from({ length: 40 }, (_, i) => object(`o${i}`, 1)));
    const left = (count: number) => Array.from({ length: count }, (_, i) => object(`o${i}`, 1));
    const listed = (count: number) => afterPage(EMPTY, { resourceVersion: '5', items: left(count) }, many, at(0));
    assert.equal(listed(3).state.kind, 'doubt');
    assert.equal(listed(4).state.kind, 'watching');
    const doubt = { kind: 'doubt', reason: 'expired', doubt: { since: 0, lists: 1 } } as const;
    const half = afterPage(doubt, { resourceVersion: '5', items: left(1), continue: 'c' }, many, at(100));
    assert.ok(half.state.kind === 'init-page');
    const whole = afterPage(half.state, { resourceVersion: '5', items: left(1) }, many, at(100));
    assert.equal(whole.output?.kind, 'replace');
  });

  it('that has lost all but one of few is believed', () => {
    const few = knowing(...Array.from({ length: 19 }, (_, i) => object(`o${i}`, 1)));
    const step = afterPage(EMPTY, { resourceVersion: '5', items: [object('o1', 1)] }, few, at(0));
    assert.equal(step.state.kind, 'watching');
  });
});

describe('an event', () => {
  const events: [string, WatchEvent, Partial<WatcherState>, string | undefined][] = [
    ['that adds', { type: 'ADDED', object: object('a', 11) }, { kind: 'watching', resourceVersion: '11' }, 'upsert'],
    ['that changes', { type: 'MODIFIED', object: object('a', 12) }, { resourceVersion: '12' }, 'upsert'],
    ['that deletes', { type: 'DELETED', object: object('a', 13) }, { resourceVersion: '13' }, 'remove'],
    ['that is a bookmark', { type: 'BOOKMARK', object: object('', 20) }, { resourceVersion: '20' }, undefined],
    ['that is an old bookmark', { type: 'BOOKMARK', object: object('', 9) }, { resourceVersion: '10' }, undefined],
    ['that is known', { type: 'ADDED', object: object('known', 10) }, { resourceVersion: '10' }, undefined],
    ['that repeats an older one', { type: 'ADDED', object: object('known', 8) }, { kind: 'watching' }, undefined],
    ['that deletes again', { type: 'DELETED', object: object('a', 7) }, { kind: 'watching' }, undefined],
    [
      'that is older and new',
      { type: 'ADDED', object: object('a', 9) },
      { kind: 'empty', reason: 'desync' },
      undefined,
    ],
    ['that deletes too late', { type: 'DELETED', object: object('known', 9) }, { reason: 'desync' }, undefined],
    [
      'without a version',
      { type: 'ADDED', object: { ...object('a', 1), metadata: { name: 'a' } } },
      { kind: 'empty', reason: 'desync' },
      undefined,
    ],
    [
      'that says 410',
      { type: 'ERROR', object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 410, reason: 'Expired' } },
      { kind: 'empty', reason: 'expired' },
      undefined,
    ],
  ];
  for (const [name, event, state, output] of events) {
    it(name, () => {
      const step = afterEvent(WATCHING, event, knowing(object('known', 8)));
      assert.partialDeepStrictEqual(step.state, state);
      assert.equal(step.output?.kind, output);
    });
  }

  it('that is another error throws it', () => {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 500, message: 'etcd is away' } as const;
    assert.throws(
      () => afterEvent(WATCHING, { type: 'ERROR', object: status }, NOTHING),
      (error) => error instanceof ApiError && error.code === 500 && error.message === 'etcd is away',
    );
  });
});

describe('an error', () => {
  const error = (code: number, message = 'x'): ApiError => new ApiError({ code, reason: 'Test', message });

  it('of a watch leads to a new watch from the same version, or to a list when that is pointless', () => {
    for (const code of [0, 401, 403, 429, 500, 503]) assert.equal(afterError(WATCHING, error(code)), WATCHING);
    assert.deepEqual(afterError(WATCHING, error(410)), { kind: 'empty', reason: 'expired' });
    assert.deepEqual(afterError(WATCHING, error(504, 'Too large resource version: 10, current: 3')), {
      kind: 'empty',
      reason: 'expired',
    });
    assert.deepEqual(afterError(WATCHING, error(400)), { kind: 'empty', reason: 'desync' });
    assert.deepEqual(afterError(WATCHING, error(404)), { kind: 'empty', reason: 'desync' });
  });

  it('of a list begins it anew, and takes back that it was empty', () => {
    const page = { kind: 'init-page', reason: 'resync', items: [object('a', 1)], continue: 'c' } as const;
    assert.deepEqual(afterError(page, error(500)), { kind: 'empty', reason: 'resync' });
    assert.deepEqual(afterError({ kind: 'doubt', reason: 'resync', doubt: { since: 0, lists: 1 } }, error(500)), {
      kind: 'empty',
      reason: 'resync',
    });
  });
});

describe('resource versions', () => {
  it('are compared as integers of any length, or not at all', () => {
    assert.equal(compareResourceVersions('9', '10'), -1);
    assert.equal(compareResourceVersions('10', '9'), 1);
    assert.equal(compareResourceVersions('123456789012345678901', '123456789012345678902'), -1);
    assert.equal(compareResourceVersions('7', '7'), 0);
    assert.equal(compareResourceVersions('abc', '7'), undefined);
    assert.equal(compareResourceVersions('007', '7'), undefined);
  });
});
