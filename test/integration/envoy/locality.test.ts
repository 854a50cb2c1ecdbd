import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Endpoint, Locality, LocalityPreference } from '@dot-kube/proxy/model';
import {
  assertShare,
  callMany,
  countBy,
  endpoint,
  type ServiceSpec,
  startMesh,
  startServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

const HERE: Locality = { region: 'eu', zone: 'eu-1' };
const NEAR: Locality = { region: 'eu', zone: 'eu-2' };
const FAR: Locality = { region: 'us', zone: 'us-1' };

describe('locality', () => {
  const scope = new AsyncDisposableStack();
  const servers = new Map<string, TestServer>();
  let mesh: TestMesh;
  let client: TestProxy;

  const at = (name: string, locality: Locality, more: Partial<Endpoint> = {}) =>
    endpoint(servers.get(name) ?? assert.fail(name), { locality, ...more });
  const preferring = (
    name: string,
    locality: LocalityPreference | undefined,
    endpoints: readonly Endpoint[],
  ): ServiceSpec => ({
    name,
    endpoints,
    cluster: { loadBalancer: { algorithm: { kind: 'round-robin' }, ...(locality ? { locality } : {}) } },
  });
  const everywhere = () => [at('here-1', HERE), at('here-2', HERE), at('near', NEAR), at('far', FAR)];
  const servedBy = async (service: string, count = 200) =>
    countBy(await callMany(count, 8, () => client.call(service)), ({ server, status }) => server || String(status));
  const names = async (service: string) => [...(await servedBy(service)).keys()].sort();

  before(async () => {
    for (const name of ['here-1', 'here-2', 'near', 'far']) servers.set(name, scope.use(await startServer({ name })));
    mesh = scope.use(await startMesh());
    await mesh.service(
      preferring('alike', undefined, everywhere()),
      preferring('zone', { prefer: 'zone' }, everywhere()),
      preferring('region', { prefer: 'region' }, everywhere()),
      preferring('half', { prefer: 'zone', failoverThresholdPercent: 100 }, everywhere()),
      preferring('never', { prefer: 'zone', failover: 'never' }, everywhere()),
      preferring('stay', { prefer: 'zone', failover: 'region' }, everywhere()),
    );
    const calls = ['alike', 'zone', 'region', 'half', 'never', 'stay'];
    client = await mesh.proxy({ name: 'client', calls, locality: HERE });
  });
  after(() => scope.disposeAsync());

  test('without a preference is no matter', async () => {
    assert.deepEqual(await names('alike'), ['far', 'here-1', 'here-2', 'near']);
  });

  test('keeps every request in the zone, and fails over to the region and then to the rest', async () => {
    assert.deepEqual(await names('zone'), ['here-1', 'here-2']);
    await mesh.service(preferring('zone', { prefer: 'zone' }, [at('near', NEAR), at('far', FAR)]));
    assert.deepEqual(await names('zone'), ['near']);
    await mesh.service(preferring('zone', { prefer: 'zone' }, [at('far', FAR)]));
    assert.deepEqual(await names('zone'), ['far']);
    await mesh.service(preferring('zone', { prefer: 'zone' }, everywhere()));
    assert.deepEqual(await names('zone'), ['here-1', 'here-2'], 'and comes back');
  });

  test('keeps every request in the region, whatever its zone', async () => {
    assert.deepEqual(await names('region'), ['here-1', 'here-2', 'near']);
  });

  test('a draining endpoint near by does not keep requests from healthy ones, nor sends them away', async () => {
    const draining = { health: 'draining' } as const;
    await mesh.service(
      preferring('zone', { prefer: 'zone' }, [at('here-1', HERE, draining), at('here-2', HERE), at('near', NEAR)]),
    );
    assert.deepEqual(await names('zone'), ['here-2'], 'half of the zone is leaving, the rest has room');
    await mesh.service(preferring('zone', { prefer: 'zone' }, [at('here-1', HERE, draining), at('near', NEAR)]));
    assert.deepEqual(await names('zone'), ['near']);
    await mesh.service(preferring('zone', { prefer: 'zone' }, [at('here-1', HERE, draining)]));
    assert.deepEqual(await names('zone'), ['here-1'], 'as there is nothing else');
  });

  test('sends away in proportion to what is ejected, under the threshold', async () => {
    const half = preferring('half', { prefer: 'zone', failoverThresholdPercent: 100 }, everywhere());
    await mesh.service({
      ...half,
      cluster: {
        ...half.cluster,
        circuitBreaker: {
          outlierDetection: {
            consecutiveErrors: 3,
            baseEjectionMs: 60_000,
            intervalMs: 60_000,
            maxEjectionPercent: 100,
            minHealthPercent: 0,
          },
        },
      },
    });
    const broken = servers.get('here-1') ?? assert.fail();
    assert.deepEqual([...(await servedBy('half', 20)).keys()].sort(), ['here-1', 'here-2']);
    broken.respond = () => ({ status: 500 });
    await callMany(20, 1, () => client.call('half'));
    broken.respond = () => ({});
    const counts = await servedBy('half', 400);
    assert.deepEqual([...counts.keys()].sort(), ['here-2', 'near'], 'not to the farthest');
    assertShare(counts.get('near') ?? 0, 400, 0.5, 'what the zone cannot take');
  });

  test('failover ends where it is told to', async () => {
    assert.deepEqual(await names('never'), ['here-1', 'here-2']);
    await mesh.service(
      preferring('never', { prefer: 'zone', failover: 'never' }, [at('near', NEAR), at('far', FAR)]),
      preferring('stay', { prefer: 'zone', failover: 'region' }, [at('near', NEAR), at('far', FAR)]),
    );
    assert.deepEqual(await names('never'), ['503']);
    assert.deepEqual(await names('stay'), ['near']);
    await mesh.service(preferring('stay', { prefer: 'zone', failover: 'region' }, [at('far', FAR)]));
    assert.deepEqual(await names('stay'), ['503']);
  });
});
