import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeshStatus } from '../../api/index.ts';
import type { Api } from '../../framework/index.ts';
import { resourceKind } from '../../framework/index.ts';
import { TestClock } from '../../framework/testing/index.ts';
import type { Programming } from './conditions-for.ts';
import { type MeshObject, StatusReconciler } from './status-reconciler.ts';

const REQUEST = { kind: 'TrafficSplit', namespace: 'shop', name: 'reviews' };
const WAITING: Programming = { kind: 'waiting', total: 1, waitingFor: ['shop/web-1'] };
const PROGRAMMED: Programming = { kind: 'programmed', total: 1 };

function setUp() {
  const clock = new TestClock();
  const written: string[] = [];
  let object: MeshObject = {
    apiVersion: 'mesh.dot-kube.io/v1alpha1',
    kind: 'TrafficSplit',
    metadata: { namespace: 'shop', name: 'reviews', uid: 'u', generation: 1 },
  };
  let programming = WAITING;
  const kind = resourceKind<MeshObject>('mesh.dot-kube.io/v1alpha1', 'TrafficSplit');
  const api = {
    apply: (_: unknown, applied: { readonly status: MeshStatus }) => {
      object = { ...object, status: applied.status };
      const condition = applied.status.conditions?.find(({ type }) => type === 'Programmed');
      written.push(`${condition?.observedGeneration} ${condition?.reason}`);
      return Promise.resolve(object);
    },
  } as unknown as Api;
  const reconciler = new StatusReconciler({
    api,
    clock,
    kindOf: () => kind,
    get: () => object,
    verdictOf: () => ({ warnings: [] }),
    programmingOf: () => programming,
  });
  return {
    clock,
    written,
    reconcile: async () => reconciler.reconcile(REQUEST),
    set: (next: Programming, generation: number) => {
      programming = next;
      object = { ...object, metadata: { ...object.metadata, generation } };
    },
  };
}

test('what proxies acknowledge soon is written once, without a word of waiting', async () => {
  const { clock, reconcile, set, written } = setUp();
  assert.equal(await reconcile(), 200);
  await clock.advance(150);
  set(PROGRAMMED, 1);
  assert.equal(await reconcile(), undefined);
  assert.deepEqual(written, ['1 Programmed']);
});

test('what they do not acknowledge soon is told, each generation anew', async () => {
  const { clock, reconcile, set, written } = setUp();
  await reconcile();
  await clock.advance(200);
  await reconcile();
  assert.deepEqual(written, ['1 Pending']);
  set(WAITING, 2);
  assert.equal(await reconcile(), 200);
  assert.deepEqual(written, ['1 Pending']);
  await clock.advance(200);
  await reconcile();
  assert.deepEqual(written, ['1 Pending', '2 Pending']);
});
