import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PROXY_CONTAINER } from '../../operator/build/pod-class.ts';
import { NAMESPACE } from '../scenarios/bookstore.ts';
import { describePods, E2eCluster, type PodObject } from './harness/cluster.ts';
import { named, podTemplate, programContainer, programText } from './harness/objects.ts';

interface JobStatus {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

describe('work that comes to an end', () => {
  let cluster: E2eCluster;
  let template: (app: string) => Promise<object>;
  before(async () => {
    cluster = await E2eCluster.open();
    template = async (app) => {
      const container = {
        name: 'work',
        image: cluster.imageName('bookstore'),
        program: await programText('first-connect'),
        env: { TARGET: 'CATALOG' },
      };
      const more = { restartPolicy: 'Never' };
      return podTemplate({
        labels: { app },
        serviceAccount: 'shopper',
        containers: [programContainer(container)],
        more,
      });
    };
  });
  after(async () => {
    await cluster.kubectl('delete', 'job,cronjob', '-n', NAMESPACE, '--ignore-not-found', 'once', 'again');
    await cluster[Symbol.asyncDispose]();
  });

  /** Waits until a Job is complete, and its pod, proxy and all, has ended well. */
  const untilComplete = async (job: string, app: string): Promise<void> => {
    let last: readonly PodObject[] = [];
    await cluster.eventually(
      `the Job ${job} is complete`,
      90,
      async () => {
        last = await cluster.pods(NAMESPACE, `app=${app}`);
        const { status } = await cluster.read<JobStatus>('job', job, '-n', NAMESPACE);
        const complete = status?.conditions?.some(
          (condition) => condition.type === 'Complete' && condition.status === 'True',
        );
        return complete === true ? true : undefined;
      },
      () => describePods(last),
    );
    const [pod] = await cluster.pods(NAMESPACE, `app=${app}`);
    assert.equal(pod?.status.phase, 'Succeeded', describePods(pod === undefined ? [] : [pod]));
    const proxy = pod.status.initContainerStatuses?.find(({ name }) => name === PROXY_CONTAINER);
    assert.ok(proxy?.state.terminated !== undefined, 'the proxy still runs');
  };

  test('a Job is complete when its application is done, whatever its proxy', { timeout: 120_000 }, async () => {
    const spec = { backoffLimit: 0, template: await template('once') };
    await cluster.apply([{ apiVersion: 'batch/v1', kind: 'Job', metadata: named('once'), spec }]);
    await untilComplete('once', 'once');
  });

  test('and so is a Job of a CronJob', { timeout: 200_000 }, async () => {
    const jobTemplate = { spec: { backoffLimit: 0, template: await template('again') } };
    const spec = { schedule: '* * * * *', concurrencyPolicy: 'Forbid', jobTemplate };
    await cluster.apply([{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: named('again'), spec }]);
    const job = await cluster.eventually('the CronJob has made a Job', 75, async () => {
      const { items } = await cluster.read<{
        readonly items: readonly { readonly metadata: { readonly name: string } }[];
      }>('jobs', '-n', NAMESPACE);
      return items.find(({ metadata }) => metadata.name.startsWith('again-'))?.metadata.name;
    });
    await cluster.kubectl('patch', 'cronjob', 'again', '-n', NAMESPACE, '-p', '{"spec":{"suspend":true}}');
    await untilComplete(job, 'again');
  });
});
