import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../api/index.ts';
import { Store } from '../../framework/index.ts';
import type { TokenReviewResult } from '../../identity/index.ts';
import type { Placement } from './placement.ts';
import { ProxyDirectory, ProxyRefused } from './proxy-directory.ts';

const review: TokenReviewResult = {
  kind: 'pod',
  namespace: 'shop',
  serviceAccount: 'cart',
  podName: 'cart-1',
  podUid: 'u1',
};

function pod(uid: string, layer = 'class/a'): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name: 'cart-1', uid, labels: { layer } },
    spec: { serviceAccountName: 'cart' },
  };
}

function placementOf({ metadata, spec }: Pod): Placement | undefined {
  const layer = metadata.labels?.['layer'];
  if (layer === 'none') return undefined;
  const identity = { trustDomain: 'td', namespace: 'shop', serviceAccount: spec?.serviceAccountName ?? '' };
  return { proxyId: 'shop/cart-1', identity, layers: ['mesh', layer ?? ''] };
}

function setUp(result: TokenReviewResult = review) {
  const pods = new Store<Pod>();
  let wanted = 0;
  const directory = new ProxyDirectory({
    pods,
    tokens: { review: () => Promise.resolve(result) },
    placementOf,
    want: () => {
      wanted += 1;
      return () => void (wanted -= 1);
    },
  });
  const said: string[] = [];
  const stream = {
    setLayers: (layers: readonly string[]) => void said.push(layers.join()),
    close: (reason: string) => void said.push(`closed: ${reason}`),
  };
  return { pods, directory, stream, said, wanted: () => wanted };
}

const put = (pods: Store<Pod>, object: Pod): void => pods.apply([{ kind: 'upsert', object }]);

test('what a proxy sees follows from the pod of its token', async () => {
  const { pods, directory, stream, said, wanted } = setUp();
  put(pods, pod('u1'));
  const admitted = await directory.admit('t');
  const detach = admitted.attach(stream);
  assert.deepEqual(admitted.placement.layers, ['mesh', 'class/a']);
  put(pods, pod('u1', 'class/b'));
  assert.equal(said.at(-1), 'mesh,class/b');
  assert.equal(wanted(), 1);
  detach();
  assert.equal(wanted(), 0);
});

test('a stream is closed when its pod is gone', async () => {
  const { pods, directory, stream, said } = setUp();
  put(pods, pod('u1'));
  (await directory.admit('t')).attach(stream);
  pods.apply([{ kind: 'remove', object: pod('u1') }]);
  assert.match(said.at(-1) ?? '', /^closed: pod shop\/cart-1 is gone/);
});

test('a stream is closed when another pod has taken the name', async () => {
  const { pods, directory, stream, said } = setUp();
  put(pods, pod('u1'));
  (await directory.admit('t')).attach(stream);
  put(pods, pod('u2'));
  assert.match(said.at(-1) ?? '', /^closed/);
});

test('a stream whose pod went while the token was reviewed is closed at once', async () => {
  const { pods, directory, stream, said } = setUp();
  put(pods, pod('u1'));
  const admitted = await directory.admit('t');
  pods.apply([{ kind: 'remove', object: pod('u1') }]);
  admitted.attach(stream);
  assert.match(said.at(-1) ?? '', /^closed/);
});

test('no token, a refused one, one of another pod or another account are refused for good', async () => {
  const good = setUp();
  put(good.pods, pod('u2'));
  await assert.rejects(good.directory.admit(undefined), isRefused(false));
  await assert.rejects(good.directory.admit('t'), isRefused(false));
  const refused = setUp({ kind: 'refused', reason: 'expired', retryable: false });
  await assert.rejects(refused.directory.admit('t'), isRefused(false));
  const other = setUp({ ...review, serviceAccount: 'admin' });
  put(other.pods, pod('u1'));
  await assert.rejects(other.directory.admit('t'), isRefused(false));
});

test('a proxy that goes by the name of another pod is refused for good; any other name is its own affair', async () => {
  const { pods, directory } = setUp();
  const another = { ...pod('u2'), metadata: { namespace: 'shop', name: 'bank-1', uid: 'u2' } };
  pods.apply([pod('u1'), another].map((object) => ({ kind: 'upsert', object })));
  await assert.rejects(directory.admit('t', 'shop/bank-1'), isRefused(false));
  for (const name of ['shop/cart-1', 'cart-1.shop', '']) await directory.admit('t', name);
});

test('a pod that the watch has not told of yet, or is not meshed yet, may try again', async () => {
  const { pods, directory } = setUp();
  await assert.rejects(directory.admit('t'), isRefused(true));
  put(pods, pod('u1', 'none'));
  await assert.rejects(directory.admit('t'), isRefused(true));
});

function isRefused(retryable: boolean): (error: unknown) => boolean {
  return (error) => error instanceof ProxyRefused && error.retryable === retryable;
}
