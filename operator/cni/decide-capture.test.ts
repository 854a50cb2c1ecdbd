import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureScript } from '../webhooks/injection/capture-rules.ts';
import { exclusionsOf } from '../webhooks/injection/exclusions.ts';
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

test('the proxy’s startup probe asks at a port that is there by the rules alone', () => {
  const injected = injectPod(pod({ 'mesh.dot-kube.io/exclude-inbound-ports': '15000-16000' }), SETTINGS);
  const [proxy] = injected.spec?.initContainers ?? [];
  assert.partialDeepStrictEqual(proxy?.['startupProbe'], { httpGet: { path: '/ready', port: 15_022 } });
  const decision = decideCapture(injected, SETTINGS);
  const lines = decision.kind === 'capture' ? decision.script.split('\n').map((line) => line.trim()) : [];
  const place = lines.indexOf('tcp dport 15022 redirect to :15021');
  assert.ok(place > 0 && place < lines.indexOf('tcp dport 15000-16000 accept'), 'no exclusion is in its way');
  const byItself = captureScript({ ...SETTINGS, capture: 'nftables' }, exclusionsOf(pod()));
  assert.ok(!byItself.includes('15022'), 'an init container speaks for itself');
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
