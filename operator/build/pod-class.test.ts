import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../api/index.ts';
import { classKeyOf, isMeshed, podClassOf, PROXY_CONTAINER } from './pod-class.ts';
import { labels, pod, podIps, podSpec, unmeshed } from './testing/objects.ts';

test('replicas of a workload are of one class', () => {
  const one = pod(
    'web-1',
    labels({ 'pod-template-hash': 'a', 'topology.kubernetes.io/zone': 'x' }),
    podIps('10.0.0.1'),
  );
  const two = pod(
    'web-2',
    labels({ 'pod-template-hash': 'b', 'topology.kubernetes.io/zone': 'y' }),
    podIps('10.0.0.2'),
  );
  assert.equal(classKeyOf(one), classKeyOf(two));
  assert.match(classKeyOf(one), /^shop\/web\/[0-9a-f]{16}$/);
});

test('the order of labels and ports makes no other class', () => {
  const a = podSpec({ containers: [{ name: 'x', ports: [{ containerPort: 1 }, { name: 'b', containerPort: 2 }] }] });
  const b = podSpec({ containers: [{ name: 'x', ports: [{ name: 'b', containerPort: 2 }, { containerPort: 1 }] }] });
  assert.equal(
    classKeyOf(pod('web', labels({ x: '1', y: '2' }), a)),
    classKeyOf(pod('web', labels({ y: '2', x: '1' }), b)),
  );
});

test('what a selector or a Service may look at makes another class', () => {
  const base = pod('web');
  const others: readonly Pod[] = [
    pod('other/web'),
    pod('web', podSpec({ serviceAccountName: 'else' })),
    pod('web', labels({ version: 'v2' })),
    pod('web', labels({ 'rollouts-pod-template-hash': 'a' })),
    pod('web', podSpec({ containers: [{ name: 'web', ports: [{ containerPort: 1 }] }] })),
    pod('web', podSpec({ containers: [{ name: 'web', ports: [{ containerPort: 1, name: 'a' }] }] })),
    pod('web', podSpec({ initContainers: [{ name: 'side', restartPolicy: 'Always', ports: [{ containerPort: 2 }] }] })),
  ];
  assert.equal(new Set([base, ...others].map(classKeyOf)).size, others.length + 1);
});

test('ports of the proxy, of UDP and of containers that have ended are none of the class', () => {
  const { ports } = podClassOf(
    pod(
      'web',
      podSpec({
        containers: [{ name: 'web', ports: [{ containerPort: 53, protocol: 'UDP' }] }],
        initContainers: [
          { name: PROXY_CONTAINER, restartPolicy: 'Always', ports: [{ containerPort: 15021 }] },
          { name: 'migrate', ports: [{ containerPort: 7 }] },
        ],
      }),
    ),
  );
  assert.deepEqual(ports, []);
});

test('a pod is meshed by the mark of its injection or by its proxy, never on the network of its host', () => {
  const plain = unmeshed(pod('web'));
  assert.equal(isMeshed(pod('web')), true);
  assert.equal(isMeshed(plain), false);
  assert.equal(isMeshed(labels<Pod>({ 'mesh.dot-kube.io/status': 'injected' })(plain)), true);
  assert.equal(isMeshed(labels<Pod>({ 'mesh.dot-kube.io/status': 'refused' })(plain)), false);
  assert.equal(isMeshed(podSpec({ initContainers: [{ name: PROXY_CONTAINER }] })(plain)), true);
  assert.equal(isMeshed(podSpec({ hostNetwork: true })(pod('web'))), false);
});
