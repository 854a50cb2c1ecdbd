import assert from 'node:assert/strict';
import { test } from 'node:test';
import { injectPod } from '../webhooks/injection/inject-pod.ts';
import type { PodShape } from '../webhooks/injection/pod-shape.ts';
import { DEFAULT_INJECTION, type InjectionSettings } from '../webhooks/injection/settings.ts';
import { decideCapture } from './decide-capture.ts';

const SETTINGS: InjectionSettings = { ...DEFAULT_INJECTION, proxyImage: 'proxy', capture: 'cni' };
const pod = (annotations: Readonly<Record<string, string>> = {}): PodShape => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'shop', annotations },
  spec: { containers: [{ name: 'app' }] },
});

test('the connections of a pod with a proxy are captured, but for those that it leaves out', () => {
  const decision = decideCapture(
    injectPod(pod({ 'mesh.dot-kube.io/exclude-outbound-ports': '5432' }), SETTINGS),
    SETTINGS,
  );
  assert.equal(decision.kind, 'capture');
  assert.match(decision.kind === 'capture' ? decision.script : '', /tcp dport 5432 accept/);
});

test('a pod without a proxy, or with a container that captures, is left alone', () => {
  assert.deepEqual(decideCapture(pod(), SETTINGS), { kind: 'leave', because: 'HasNoProxy' });
  const byItself = injectPod(pod(), { ...SETTINGS, capture: 'nftables' });
  assert.deepEqual(decideCapture(byItself, SETTINGS), { kind: 'leave', because: 'CapturesByItself' });
});

test('an annotation that was spoiled after admission never gets into the rules', () => {
  const spoilt = { 'mesh.dot-kube.io/exclude-inbound-ports': '22 accept; flush ruleset' };
  const decision = decideCapture(injectPod(pod(spoilt), SETTINGS), SETTINGS);
  assert.deepEqual(decision, {
    kind: 'refuse',
    message: 'the annotation mesh.dot-kube.io/exclude-inbound-ports of the pod has "22 accept; flush ruleset" in it',
  });
});
