import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../api/api-error.ts';
import type { WatchEvent } from '../api/api.ts';
import type { KubernetesObject } from '../api/object.ts';
import { compareResourceVersions } from './resource-version.ts';
import type { WatcherState } from './state.ts';
import { afterError, afterEvent, afterPage, type KnownObjects } from './transitions.ts';

function object(name: string, version: number): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, resourceVersion: String(version) } };
}

function knowing(...objects: readonly KubernetesObject[]): KnownObjects {
  const versions = new Map(objects.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
  return { size: () => versions.size, versionOf: (key) => versions.get(key) };
}

const NOTHING = knowing();
const EMPTY = { kind: 'empty', reason: 'initial' } as const;
const WATCHING = { kind: 'watching', resourceVersion: '10' } as const;

describe('a page of a list', () => {
  it('that is the last one completes the list', () => {
    const step = afterPage(EMPTY, { resourceVersion: '5', items: [object('a', 1)] }, NOTHING);
    assert.deepEqual(step.state, { kind: 'watching', resourceVersion: '5' });
    assert.deepEqual(step.output, { kind: 'replace', objects: [object('a', 1)] });
  });

  it('that is not the last one tells the store nothing yet', () => {
    const first = afterPage(EMPTY, { resourceVersion: '5', items: [object('a', 1)], continue: 'c' }, NOTHING);
    assert.deepEqual(first, {
      state: { kind: 'init-page', reason: 'initial', items: [object('a', 1)], continue: 'c' },
    });
    assert.ok(first.state.kind === 'init-page');
    const last = afterPage(first.state, { resourceVersion: '5', items: [object('b', 2)] }, NOTHING);
    assert.deepEqual(last.output, { kind: 'replace', objects: [object('a', 1), object('b', 2)] });
  });

  it('that is empty is believed at once only when nothing was known', () => {
    const page = { resourceVersion: '5', items: [] };
    assert.deepEqual(afterPage(EMPTY, page, NOTHING).output, { kind: 'replace', objects: [] });
    const doubted = afterPage(EMPTY, page, knowing(object('a', 1)));
    assert.deepEqual(doubted, { state: { kind: 'confirm-empty', reason: 'initial' } });
    assert.ok(doubted.state.kind === 'confirm-empty');
    const confirmed = afterPage(doubted.state, page, knowing(object('a', 1)));
    assert.deepEqual(confirmed.output, { kind: 'replace', objects: [] });
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
    assert.deepEqual(afterError({ kind: 'confirm-empty', reason: 'resync' }, error(500)), {
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
