import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { arbitraryPod } from '../../../test/gen/arbitrary-pods.ts';
import { decideInjection } from './decide.ts';
import { injectPod } from './inject-pod.ts';
import type { HttpGetShape } from './pod-shape.ts';
import { DEFAULT_INJECTION, type InjectionSettings } from './settings.ts';
import { uninjectPod } from './uninject-pod.ts';

const DEFAULTS: InjectionSettings = { ...DEFAULT_INJECTION, proxyImage: 'registry.example/proxy:1' };
const settings = fc.constantFrom<InjectionSettings>(
  DEFAULTS,
  { ...DEFAULTS, capture: 'iptables', families: ['ipv6', 'ipv4'], drainSeconds: 0 },
  { ...DEFAULTS, capture: 'cni', drainSeconds: 4 },
);
const NAMESPACE = { name: 'shop', labels: { 'mesh.dot-kube.io/inject': 'enabled' } };

describe('whatever the pod', () => {
  it('injection is undone to the letter, and leaves what has no proxy as it is', () => {
    fc.assert(
      fc.property(arbitraryPod, settings, (pod, given) => {
        const frozen = JSON.stringify(pod);
        assert.deepEqual(uninjectPod(pod), pod);
        assert.deepEqual(uninjectPod(injectPod(pod, given)), pod);
        assert.equal(JSON.stringify(pod), frozen, 'what it is given is not changed');
      }),
      { numRuns: 500 },
    );
  });

  it('to inject it twice is to inject it once, also after other settings', () => {
    fc.assert(
      fc.property(arbitraryPod, settings, settings, (pod, first, second) => {
        const once = injectPod(pod, second);
        assert.deepEqual(injectPod(injectPod(pod, first), second), once);
        assert.deepEqual(injectPod(once, second), once);
        assert.deepEqual(decideInjection(once, NAMESPACE, second), { kind: 'inject' });
      }),
      { numRuns: 500 },
    );
  });

  it('the proxy starts before all containers of the application, and no probe goes past it', () => {
    fc.assert(
      fc.property(arbitraryPod, settings, (pod, given) => {
        const { containers = [], initContainers = [] } = injectPod(pod, given).spec ?? {};
        const names = (initContainers ?? []).map(({ name }) => name);
        const own = given.capture === 'cni' ? ['dot-kube-proxy'] : ['dot-kube-init', 'dot-kube-proxy'];
        assert.deepEqual(names.slice(0, own.length), own);
        JSON.stringify([containers, (initContainers ?? []).slice(own.length)], (key, value: HttpGetShape) => {
          assert.ok(!['tcpSocket', 'grpc'].includes(key), key);
          if (key === 'httpGet') assert.ok(value.port === 15_020 || value.host !== undefined, JSON.stringify(value));
          return value;
        });
      }),
      { numRuns: 500 },
    );
  });
});
