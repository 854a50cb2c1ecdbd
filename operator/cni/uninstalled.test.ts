import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Api, ApiError } from '../framework/index.ts';
import { isUninstalled } from './uninstalled.ts';

const OURS = { namespace: 'dot-kube-cni', name: 'dot-kube-cni' };
const GOING = '2026-03-01T12:00:00Z';

/** An API server that has both, each with the time of its deletion, or answers with that code. */
function apiOf(answers: Readonly<Record<'DaemonSet' | 'Namespace', string | number | undefined>>): Api {
  const get = ({ kind }: { readonly kind: 'DaemonSet' | 'Namespace' }): Promise<object> => {
    const answer = answers[kind];
    if (typeof answer === 'number')
      return Promise.reject(new ApiError({ code: answer, reason: 'Unknown', message: '' }));
    return Promise.resolve({ kind, metadata: { name: 'dot-kube-cni', deletionTimestamp: answer } });
  };
  return { get } as unknown as Api;
}

test('an agent that is restarted, or whose API server is away, leaves the plugin on its node', async () => {
  assert.equal(await isUninstalled(apiOf({ DaemonSet: undefined, Namespace: undefined }), OURS), false);
  assert.equal(await isUninstalled(apiOf({ DaemonSet: 0, Namespace: 503 }), OURS), false);
});

test('an agent that goes with its DaemonSet, its namespace or its rights takes the plugin along', async () => {
  for (const gone of [GOING, 404, 403, 401]) {
    assert.equal(await isUninstalled(apiOf({ DaemonSet: gone, Namespace: undefined }), OURS), true, String(gone));
    // Its pods are deleted first, and the DaemonSet later.
    assert.equal(await isUninstalled(apiOf({ DaemonSet: undefined, Namespace: gone }), OURS), true, String(gone));
  }
});
