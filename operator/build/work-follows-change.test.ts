import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubernetesObject } from '../framework/api/object.ts';
import type { DerivedGraph } from '../framework/derive/index.ts';
import { arrivals, meshGraph } from './testing/compile.ts';
import {
  clusterIps,
  endpoint,
  endpointSlice,
  meshPolicy,
  pod,
  podIps,
  service,
  targets,
  trafficSplit,
} from './testing/objects.ts';

/** A mesh of so many Services with two pods each, all in one namespace. */
function meshOf(size: number): DerivedGraph {
  const graph = meshGraph();
  const objects = Array.from({ length: size }, (_, i) => [
    service(`s${i}`, clusterIps(`10.96.${i >> 8}.${i & 255}`)),
    slice(i, true),
    pod(`s${i}-1`, podIps(`10.1.${i >> 8}.${i & 255}`)),
    pod(`s${i}-2`, podIps(`10.2.${i >> 8}.${i & 255}`)),
  ]);
  const policies = [
    meshPolicy('dot-kube-system/mesh', { mtls: { mode: 'Strict' } }),
    meshPolicy('namespace', { timeouts: { idle: '1m' } }),
  ];
  graph.update(arrivals([...objects.flat(), ...policies]));
  return graph;
}

function slice(i: number, ready: boolean): KubernetesObject {
  const address = (net: number): string => `10.${net}.${i >> 8}.${i & 255}`;
  return endpointSlice(`s${i}`, endpoint(address(1), `s${i}-1`), endpoint(address(2), `s${i}-2`, { ready }));
}

const changes: readonly [what: string, change: KubernetesObject, roots: readonly string[], computations: number][] = [
  ['an endpoint that is not ready any more', slice(3, false), ['endpointSets'], 3],
  ['a new Service', service('new', clusterIps('10.97.0.1')), ['endpointSets', 'serviceFindings', 'serviceModel'], 14],
  ['one more pod of a class', pod('s3-3', podIps('10.3.0.3')), [], 1],
  [
    'a policy of one Service',
    meshPolicy('one', { targetRefs: targets('s3'), timeouts: { request: '1s' } }),
    ['policyStatus', 'serviceModel'],
    13,
  ],
  [
    'a split',
    trafficSplit('split', {
      service: 's3',
      backends: [
        { name: 'a', labels: { app: 's3' } },
        { name: 'b', service: 's4' },
      ],
    }),
    ['endpointSets', 'policyStatus', 'serviceModel'],
    10,
  ],
];

for (const [what, change, roots, computations] of changes) {
  test(`${what}: the work is the same in a small mesh and in a large one`, () => {
    const counts = [5, 100].map((size) => {
      const graph = meshOf(size);
      const before = graph.computations;
      const changed = graph.update(arrivals([change]));
      assert.deepEqual(
        changed.map(({ derivation }) => derivation.name),
        roots,
      );
      return graph.computations - before;
    });
    assert.equal(counts[0], counts[1]);
    assert.ok((counts[1] ?? Infinity) <= computations, `${counts[1]} computations`);
  });
}

test('a status or a condition is no work at all', () => {
  const graph = meshOf(5);
  const before = graph.computations;
  const policy = {
    ...meshPolicy('dot-kube-system/mesh', { mtls: { mode: 'Strict' } }),
    status: { observedGeneration: 1 },
  };
  const restarted = pod('s3-1', podIps('10.1.0.3'));
  const ready = {
    ...restarted,
    status: { ...restarted.status, conditions: [{ type: 'Ready', status: 'True' as const }] },
  };
  graph.update(arrivals([policy, ready]));
  assert.equal(graph.computations, before);
});

test('what becomes Strict changes the workloads and no endpoint', () => {
  const graph = meshOf(5);
  graph.update(arrivals([meshPolicy('dot-kube-system/mesh', { mtls: { mode: 'Permissive' } })]));
  const changed = graph.update(arrivals([meshPolicy('dot-kube-system/mesh', { mtls: { mode: 'Strict' } })]));
  assert.deepEqual(new Set(changed.map(({ derivation }) => derivation.name)), new Set(['workloadModel']));
});
