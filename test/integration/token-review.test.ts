import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpApi, kubeconfigConnection } from '../../operator/framework/client/index.ts';
import { systemClock } from '../../operator/framework/clock.ts';
import { ApiTokenReviewer } from '../../operator/identity/index.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';

describe('the API server reviews tokens', () => {
  const name = `token-review-${process.pid}`;
  let cluster: ControlPlane;
  let api: HttpApi;
  let podUid = '';
  before(async () => {
    cluster = await startControlPlane();
    api = new HttpApi(await kubeconfigConnection({ path: cluster.kubeconfig }));
    await cluster.kubectl('create', 'serviceaccount', name);
    const overrides = { spec: { serviceAccountName: name } };
    await cluster.kubectl('run', name, '--image=x', '--overrides', JSON.stringify(overrides));
    podUid = await cluster.kubectl('get', 'pod', name, '-o', 'jsonpath={.metadata.uid}');
  });
  after(async () => {
    api.close();
    if (cluster.external) await cluster.kubectl('delete', 'pod,serviceaccount', name, '--wait=false');
    await cluster.stop();
  });

  const token = async (...args: readonly string[]): Promise<string> =>
    (await cluster.kubectl('create', 'token', name, ...args)).trim();
  const bound = ['--bound-object-kind=Pod', `--bound-object-name=${name}`];
  const review = async (text: string) => await new ApiTokenReviewer({ api, clock: systemClock }).review(text);
  const refusal = async (text: string): Promise<string> => {
    const result = await review(text);
    return result.kind === 'refused' && !result.retryable ? result.reason : `not refused: ${JSON.stringify(result)}`;
  };

  test('and names the pod that one is bound to', async () => {
    assert.deepEqual(await review(await token('--audience=dot-kube', ...bound)), {
      kind: 'pod',
      namespace: 'default',
      serviceAccount: name,
      podName: name,
      podUid,
    });
  });

  test('and refuses one that is bound to no pod', async () => {
    assert.equal(await refusal(await token('--audience=dot-kube')), 'the token is not bound to a pod');
  });

  test('and refuses one for another audience, the API server itself included', async () => {
    assert.match(await refusal(await token('--audience=vault', ...bound)), /does not know the token/);
    assert.match(await refusal(await token(...bound)), /does not know the token/);
  });

  test('and refuses what is no token, and one that was tampered with', async () => {
    const [head = '', claims = '', signature = ''] = (await token('--audience=dot-kube', ...bound)).split('.');
    assert.match(await refusal('x'), /does not know the token/);
    assert.match(
      await refusal(`${head}.${claims}.${signature.split('').toReversed().join('')}`),
      /does not know the token/,
    );
  });

  test('and refuses one whose pod is gone', async () => {
    // One token for every look, as the API server itself remembers for 10 s what it has accepted.
    const tokens: string[] = [];
    while (tokens.length < 10) tokens.push(await token('--audience=dot-kube', ...bound));
    await cluster.kubectl('delete', 'pod', name, '--force', '--grace-period=0');
    let result = '';
    for (const text of tokens) {
      result = await refusal(text);
      if (!result.startsWith('not refused')) break;
      // It learns of the deletion by a watch.
      await delay(200);
    }
    assert.match(result, /does not know the token/);
  });
});
