import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideInjection } from './decide.ts';
import type { PodShape } from './pod-shape.ts';
import { DEFAULT_INJECTION } from './settings.ts';

const SETTINGS = { ...DEFAULT_INJECTION, proxyImage: 'proxy' };
const ASKING = { name: 'shop', labels: { 'mesh.dot-kube.io/inject': 'enabled' } };
const pod = (label?: string, more: Partial<PodShape> = {}): PodShape => ({
  metadata: { name: 'a', ...(label === undefined ? {} : { labels: { 'mesh.dot-kube.io/inject': label } }) },
  spec: { containers: [{ name: 'app' }] },
  ...more,
});
const outcome = (...args: readonly [PodShape, { name: string; labels?: Record<string, string> }]): string => {
  const decision = decideInjection(...args, SETTINGS);
  if (decision.kind === 'inject') return 'inject';
  return decision.kind === 'leave' ? decision.reason : decision.findings.map(({ code }) => code).join();
};

test('the pod speaks before its namespace', () => {
  const plain = { name: 'plain' };
  assert.deepEqual(
    [pod(), pod('enabled'), pod('disabled')].map((each) => outcome(each, ASKING)),
    ['inject', 'inject', 'OptedOut'],
  );
  assert.deepEqual(
    [pod(), pod('enabled'), pod('disabled')].map((each) => outcome(each, plain)),
    ['NotRequested', 'inject', 'OptedOut'],
  );
  const other = { name: 'shop', labels: { 'mesh.dot-kube.io/inject': 'disabled' } };
  assert.equal(outcome(pod(), other), 'NotRequested');
});

test('a label with another value is no silent no', () => {
  for (const value of ['true', 'Enabled', '', 'no']) assert.equal(outcome(pod(value), ASKING), 'DK4002', value);
});

test('nobody can ask for a proxy in a namespace of the cluster', () => {
  assert.equal(outcome(pod('enabled'), { ...ASKING, name: 'kube-system' }), 'SystemNamespace');
  assert.equal(outcome(pod('true'), { ...ASKING, name: 'dot-kube-system' }), 'SystemNamespace');
});

test('a pod that was run by a kubelet before the API server knew of it is left alone', () => {
  const metadata = { name: 'a', annotations: { 'kubernetes.io/config.mirror': 'x' } };
  assert.equal(outcome(pod(undefined, { metadata }), ASKING), 'MirrorPod');
});

test('what nobody validated does no harm', () => {
  for (const odd of [
    {},
    { metadata: null, spec: null },
    { spec: { containers: 'no' } },
    { spec: { containers: [null, { name: 'a', livenessProbe: 'no', ports: null, lifecycle: [] }] } },
    { metadata: { labels: [], annotations: 'x' }, spec: { initContainers: {}, volumes: 3 } },
  ]) {
    assert.equal(outcome(odd as unknown as PodShape, ASKING), 'inject', JSON.stringify(odd));
  }
});
