import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applicationProbes, applicationProbesOf, type ProbeRoute, probeParts } from './application-probes.ts';
import { bootstrapFor } from './bootstrap.ts';
import { envoyArgs } from './envoy-args.ts';
import type { BootstrapOptions, JsonObject } from './options.ts';

const controlPlane: BootstrapOptions['controlPlane'] = {
  kind: 'plaintext',
  addresses: [{ host: '127.0.0.1', port: 1 }],
};
const address = { addresses: ['0.0.0.0', '::'], port: 15_020 };
const live: ProbeRoute = { kind: 'http', path: '/app/live?deep=1', target: '/healthz', port: 8080 };
const database: ProbeRoute = { kind: 'tcp', path: '/db', port: 5432, periodSeconds: 10, timeoutSeconds: 2 };

test('probes of the application stand beside what a bootstrap has without them', () => {
  const plain = bootstrapFor({ controlPlane, probes: { port: 15_021, additionalAddresses: ['::'] } });
  const both = bootstrapFor({
    controlPlane,
    probes: { port: 15_021, additionalAddresses: ['::'] },
    applicationProbes: { address, routes: [live, database] },
  });
  const added = applicationProbes(address, [live, database]);
  const inside = (json: JsonObject, key: string): readonly unknown[] =>
    (json['static_resources'] as Record<string, unknown[]>)[key] ?? [];
  for (const key of ['listeners', 'clusters'] as const) {
    assert.deepEqual(inside(both, key), [...inside(plain, key), ...added[key]]);
  }
});

test('probes are the sum of the parts of each, in their order', () => {
  const parts = [live, database].map(probeParts);
  assert.deepEqual(
    applicationProbes(address, [live, database]),
    applicationProbesOf(address, {
      routes: parts.flatMap(({ routes }) => routes),
      filters: parts.flatMap(({ filters }) => filters),
      clusters: parts.flatMap(({ clusters }) => clusters),
    }),
  );
});

test('who the proxy is can be left to its command line', () => {
  assert.equal(bootstrapFor({ controlPlane })['node'], undefined);
  const args = envoyArgs({ configPath: '/b.json', configOverlay: '{}', node: { id: 'a/b', cluster: 'a/c' } });
  assert.deepEqual(args.slice(0, 8), [
    '--config-path',
    '/b.json',
    '--config-yaml',
    '{}',
    '--service-node',
    'a/b',
    '--service-cluster',
    'a/c',
  ]);
});
