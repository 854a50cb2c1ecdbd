import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type ClusterName, NOWHERE } from '@dot-kube/proxy/model';
import type { KubernetesObject } from '../framework/api/object.ts';
import type { ObjectChange } from '../framework/derive/index.ts';
import { anyObject, anyObjects } from '../../test/gen/arbitrary-objects.ts';
import { arrivals, compile, type Compiled, compiled, meshGraph } from './testing/compile.ts';

const departure = (change: ObjectChange): ObjectChange => ({ collection: change.collection, key: change.key });

test('the same objects in any order come to the same', () => {
  const shuffled = anyObjects.chain((objects) =>
    fc.tuple(fc.constant(objects), fc.shuffledSubarray([...objects], { minLength: objects.length })),
  );
  fc.assert(
    fc.property(shuffled, ([objects, other]) => assert.deepEqual(compile(other), compile(objects))),
    { numRuns: 200 },
  );
});

test('what is kept current through changes equals what is compiled from scratch', () => {
  const batches = fc.array(
    fc.array(fc.tuple(anyObject, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 5 }),
    {
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(batches, (all) => {
      const graph = meshGraph();
      const there = new Map<string, KubernetesObject>();
      for (const batch of all) {
        const changes = batch.flatMap(([object, dice]) => {
          const id = `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`;
          if (dice > 0) there.set(id, object);
          else there.delete(id);
          return dice > 0 ? arrivals([object]) : arrivals([object]).map(departure);
        });
        graph.update(changes);
        assert.deepEqual(compiled(graph), compile([...there.values()]));
      }
    }),
    { numRuns: 150 },
  );
});

test('nothing names a cluster that is not there', () => {
  fc.assert(
    fc.property(anyObjects, (objects) => {
      const result = compile(objects);
      const ports = [...result.services.values()].flatMap((service) => service.ports);
      const names = ports.flatMap(({ clusters }) => clusters.map(({ name }) => name));
      assert.equal(new Set(names).size, names.length, 'each cluster once');
      const known = new Set<ClusterName>([...names, NOWHERE]);
      const named = ports.flatMap(({ rules, tcp }) => [
        ...rules.flatMap(({ backends, mirror }) => [...backends, ...(mirror === undefined ? [] : [mirror])]),
        ...tcp,
      ]);
      for (const { cluster } of named) assert.ok(known.has(cluster), cluster);
      const within = ports.flatMap(({ clusters }) =>
        clusters.flatMap(({ name, external }) => (external ? [] : [name])),
      );
      assert.deepEqual(
        [...result.endpoints.keys()].sort(),
        within.sort(),
        'each cluster of the mesh has its endpoints',
      );
    }),
    { numRuns: 500 },
  );
});

test('the routes of a port end with one for everything, and can go somewhere', () => {
  fc.assert(
    fc.property(anyObjects, (objects) => {
      for (const { ports } of compile(objects).services.values()) {
        for (const { protocol, rules, tcp } of ports) {
          assert.equal(rules.length > 0, protocol !== 'tcp');
          for (const { backends } of rules) assert.ok(backends.some(({ weight }) => weight > 0));
          assert.ok(tcp.some(({ weight }) => weight > 0));
          assert.deepEqual(rules.at(-1)?.matches ?? [], []);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('an address is of one Service, and its endpoints are meshed only with an identity to expect', () => {
  fc.assert(
    fc.property(anyObjects, (objects) => {
      const result = compile(objects);
      const ports = [...result.services.values()].flatMap((service) => service.ports);
      const addresses = ports.flatMap((port) => port.addresses);
      assert.equal(new Set(addresses).size, addresses.length);
      for (const { name, identities } of ports.flatMap(({ clusters }) => clusters)) {
        const meshed = result.endpoints.get(name)?.endpoints.some(({ mtls }) => mtls) ?? false;
        assert.ok(!meshed || identities.length > 0, `${name} takes mTLS of nobody`);
      }
    }),
    { numRuns: 500 },
  );
});

test('an enforced Allow policy closes every port that it is about, whatever its rules come to', () => {
  fc.assert(
    fc.property(anyObjects, (objects) => {
      const result = compile(objects);
      for (const [key, { concerns }] of result.policies) {
        const policy = objects.find(({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}` === key);
        const spec = policy?.spec as { action?: string; mode?: string } | undefined;
        if (spec?.action !== 'Allow' || spec.mode === 'DryRun' || concerns.kind === 'services') continue;
        for (const workload of result.workloads.values()) {
          if (
            concerns.kind === 'pods' ||
            (concerns.kind === 'namespace' && workload.identity.namespace !== concerns.namespace)
          )
            continue;
          for (const { authorization } of [...workload.ports, workload.other]) {
            assert.ok(authorization.some(({ source }) => `${source.kind}/${source.namespace}/${source.name}` === key));
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

/** The object with one of its parts replaced by any JSON, or removed. */
const damaged = anyObject.chain((object) =>
  fc.tuple(fc.constant(object), fc.nat(), fc.option(fc.jsonValue(), { nil: undefined })).map(([whole, at, value]) => {
    const places = placesIn(whole.spec).map((place) => ['spec', ...place]);
    const place = places[at % Math.max(1, places.length)];
    return place === undefined ? whole : (replaced(whole, place, value) as KubernetesObject);
  }),
);

function placesIn(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, entry]) => placesIn(entry).map((place) => [key, ...place]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const inside = replaced((value as Record<string, unknown>)[key], rest, by);
  if (Array.isArray(value)) return value.map((entry, index) => (String(index) === key ? inside : entry));
  return { ...(value as object), [key]: inside };
}

test('objects that nobody validated are never thrown at', () => {
  fc.assert(
    fc.property(anyObjects, fc.array(damaged, { minLength: 1, maxLength: 3 }), (objects, broken) => {
      assert.doesNotThrow(() => compile([...objects, ...broken]));
    }),
    { numRuns: 2000 },
  );
});

test('objects that nobody validated do not touch other namespaces', () => {
  // Addresses of Services and nodes are everybody's, and policies of the mesh look at all pods.
  const local = damaged.filter(({ kind }) => kind !== 'Service' && kind !== 'Node');
  const moved = local.map((object) => ({ ...object, metadata: { ...object.metadata, namespace: 'broken' } }));
  const everybodys = /broken\/|^[A-Z]\w+\/dot-kube-system\//;
  const others = ({ services, endpoints, workloads, policies }: Compiled): unknown =>
    [services, endpoints, workloads, policies].map((map) => [...map].filter(([key]) => !everybodys.test(key)));
  fc.assert(
    fc.property(anyObjects, fc.array(moved, { minLength: 1, maxLength: 3 }), (objects, broken) => {
      assert.deepEqual(others(compile([...objects, ...broken])), others(compile(objects)));
    }),
    { numRuns: 500 },
  );
});
