import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, createMetricsRegistry, Informer } from '../../operator/framework/index.ts';
import { apiContract, interceptApi, WIDGET, widget } from '../../operator/framework/testing/index.ts';
import { type FrameworkCluster, startFrameworkCluster } from './framework-cluster.ts';

const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';

/** An API server that asks etcd for everything, and an etcd that forgets what is older than a second or two. */
const FORGETFUL = { apiServerArgs: ['--watch-cache=false', '--etcd-compaction-interval=1s'] };

/** Long enough for two compactions: the first one only takes note of where it will cut. */
const compact = (): Promise<void> => delay(3500);

describe('on a real etcd that forgets', {
  skip: EXTERNAL && 'the cluster of KUBECONFIG forgets only after minutes',
}, () => {
  apiContract('the API over HTTP', async () => {
    const cluster = await startFrameworkCluster(FORGETFUL);
    const { api, namespace } = cluster;
    return { api, namespace, collectsGarbage: false, compact, close: () => cluster.close() };
  });

  describe('an informer', () => {
    let cluster: FrameworkCluster;
    before(async () => {
      cluster = await startFrameworkCluster(FORGETFUL);
    });
    after(() => cluster.close());

    it('that was cut off until its version was compacted lists again and swaps, in one batch', async () => {
      const { api, namespace } = cluster;
      let isCut = false;
      const cuttable = interceptApi(api, () => {
        if (isCut) throw new ApiError({ code: 0, reason: 'Unreachable', message: 'cut off' });
      });
      const metrics = createMetricsRegistry();
      const informer = new Informer({
        api: cuttable,
        kind: WIDGET,
        select: { namespace },
        metrics,
        timings: { pageSize: 2, watchTimeout: [1000, 1000], backoff: { base: 50, max: 100 } },
      });
      for (const name of ['a', 'b', 'c', 'd', 'e']) await api.create(WIDGET, widget(namespace, name, { size: 1 }));
      const stop = new AbortController();
      const running = informer.run(stop.signal);
      try {
        await informer.started();
        assert.equal(informer.store.size, 5);
        isCut = true;
        // The watch under way ends after its second, and no other can begin.
        await delay(1500);
        await api.delete(WIDGET, { namespace, name: 'a' });
        await api.apply(WIDGET, widget(namespace, 'b', { color: 'new' }), { fieldManager: 'test' });
        await api.create(WIDGET, widget(namespace, 'f', { size: 1 }));
        await compact();
        const batches: string[][] = [];
        const first = Promise.withResolvers<void>();
        informer.store.subscribe((changes) => {
          batches.push(changes.map(({ kind, key }) => `${kind} ${key.split('/')[1]}`));
          first.resolve();
        });
        isCut = false;
        await first.promise;
        assert.deepEqual(batches, [['upsert b', 'upsert f', 'remove a']]);
        const relists = await metrics.getSingleMetricAsString('watch_relists_total');
        assert.match(relists, /reason="expired"\} 1$/m);
      } finally {
        stop.abort();
        await running;
      }
    });
  });
});
