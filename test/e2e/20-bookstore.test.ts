import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PROXY_CONTAINER } from '../../operator/build/pod-class.ts';
import { CAPTURE_CONTAINER } from '../../operator/webhooks/injection/names.ts';
import { NAMESPACE } from '../scenarios/bookstore.ts';
import { CALLER_LABEL } from '../scenarios/callers.ts';
import { E2eCluster, type PodObject } from './harness/cluster.ts';
import { deployStore } from './harness/store.ts';

const isOutsider = ({ metadata }: PodObject): boolean => metadata.labels?.[CALLER_LABEL] === 'outsider';

describe('the bookstore in a labelled namespace', () => {
  let cluster: E2eCluster;
  let pods: readonly PodObject[];
  before(async () => {
    cluster = await E2eCluster.open();
  });
  after(() => cluster[Symbol.asyncDispose]());

  test('becomes ready', { timeout: 240_000 }, async () => {
    pods = await deployStore(cluster);
    assert.ok(pods.every(({ metadata }) => metadata.namespace === NAMESPACE));
  });

  test('has a proxy in every pod but that which wants none', () => {
    for (const pod of pods) {
      const first = (pod.spec.initContainers ?? []).map(({ name, restartPolicy }) => [name, restartPolicy]);
      const expected = [
        [CAPTURE_CONTAINER, undefined],
        [PROXY_CONTAINER, 'Always'],
      ];
      assert.deepEqual(first, isOutsider(pod) ? [] : expected, pod.metadata.name);
    }
  });

  test('starts every application after its proxy', () => {
    for (const { metadata, status } of pods.filter((pod) => !isOutsider(pod))) {
      const proxy = status.initContainerStatuses?.find(({ name }) => name === PROXY_CONTAINER);
      assert.equal(proxy?.started, true, metadata.name);
      assert.equal(proxy.restartCount, 0, metadata.name);
      for (const { name, restartCount, state } of status.containerStatuses ?? []) {
        const [own = '', its = ''] = [state.running?.startedAt, proxy.state.running?.startedAt];
        assert.ok(own >= its && its !== '', `${metadata.name}: ${name} started at ${own}, its proxy at ${its}`);
        assert.equal(restartCount, 0, `${metadata.name}: ${name}`);
      }
    }
  });
});
