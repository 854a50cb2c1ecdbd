import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { describeResult, meshObject, NAMESPACE, policies } from '../scenarios/bookstore.ts';
import type { CallRequest } from '../scenarios/calls.ts';
import { ScenarioMesh } from '../scenarios/index.ts';
import { describePods, E2eCluster, type PodObject } from './harness/cluster.ts';
import { ClusterDriver } from './harness/cluster-driver.ts';
import { named, podTemplate, programContainer, programText } from './harness/objects.ts';

const KINDS = ['http', 'tcp', 'grpc', 'exec'] as const;
type Kind = (typeof KINDS)[number];

const portOf = (kind: Kind): number => 8081 + KINDS.indexOf(kind);
const controlOf = (kind: Kind): number => 9901 + KINDS.indexOf(kind);
/** gRPC: permission denied, and no answer. */
const [DENIED, UNAVAILABLE] = [7, 14];
const NOBODY = meshObject('AuthorizationPolicy', 'nobody', { action: 'Allow', rules: [] });

function handlerOf(kind: Kind): object {
  if (kind === 'http') return { httpGet: { path: '/healthz', port: portOf(kind) } };
  if (kind === 'tcp') return { tcpSocket: { port: portOf(kind) } };
  if (kind === 'grpc') return { grpc: { port: portOf(kind) } };
  const ask = `fetch('http://127.0.0.1:${portOf(kind)}').then(() => process.exit(0), () => process.exit(1))`;
  return { exec: { command: ['node', '--eval', ask] } };
}

function containerOf(kind: Kind, image: string, program: string): object {
  const timing = { periodSeconds: 2, timeoutSeconds: 2 };
  const env = { KIND: kind, PORT: String(portOf(kind)), CONTROL_PORT: String(controlOf(kind)) };
  const more = {
    ports: kind === 'exec' ? [] : [{ name: kind, containerPort: portOf(kind) }],
    startupProbe: { ...handlerOf(kind), periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 60 },
    readinessProbe: { ...handlerOf(kind), ...timing, failureThreshold: 1 },
    livenessProbe: { ...handlerOf(kind), ...timing, failureThreshold: 30 },
  };
  return programContainer({ name: kind, image, program, env, more });
}

describe('probes of the kubelet, with Strict and nobody allowed', () => {
  let cluster: E2eCluster;
  let mesh: ScenarioMesh;
  const strict = async () => [...(await policies('strict-mtls.yaml', 'strict')), NOBODY];
  before(async () => {
    cluster = await E2eCluster.open();
    mesh = new ScenarioMesh(new ClusterDriver(cluster));
    await mesh.enforce(...(await strict()));
  });
  after(async () => {
    await mesh.driver.remove(await strict());
    await cluster.kubectl('delete', 'deployment', '-n', NAMESPACE, '--ignore-not-found', 'probed');
    await cluster.kubectl('delete', 'service', '-n', NAMESPACE, '--ignore-not-found', 'probed');
    await cluster[Symbol.asyncDispose]();
  });

  let last: PodObject | undefined;
  const readiness = async (): Promise<Readonly<Record<string, boolean>>> => {
    [last] = await cluster.pods(NAMESPACE, 'app=probed');
    const statuses = last?.status.containerStatuses ?? [];
    return Object.fromEntries(statuses.map(({ name, ready }) => [name, ready]));
  };
  const untilReadiness = (what: string, wanted: Readonly<Record<string, boolean>>) =>
    cluster.eventually(
      what,
      90,
      async () => {
        const now = await readiness();
        return Object.entries(wanted).every(([name, ready]) => now[name] === ready) ? true : undefined;
      },
      () => (last === undefined ? 'no pod' : describePods([last])),
    );
  /** Closes or opens a port of the application. */
  const tell = (control: string, what: 'open' | 'close') =>
    cluster.eventually(`${control} of ${last?.metadata.name} takes orders`, 20, async () => {
      const headers = { connection: 'close' };
      const answer = await fetch(`http://${control}/${what}`, { method: 'POST', headers }).catch(() => undefined);
      return answer?.ok === true ? true : undefined;
    });
  const all = (ready: boolean) => Object.fromEntries(KINDS.map((kind) => [kind, ready]));

  test('of all four kinds pass', { timeout: 120_000 }, async () => {
    const [image, program] = [cluster.imageName('bookstore'), await programText('probed')];
    const containers = KINDS.map((kind) => containerOf(kind, image, program));
    const template = podTemplate({ labels: { app: 'probed' }, serviceAccount: 'shopper', containers });
    const spec = { replicas: 1, selector: { matchLabels: { app: 'probed' } }, template };
    const ports = KINDS.filter((kind) => kind !== 'exec').map((kind) => ({
      name: kind,
      port: portOf(kind),
      appProtocol: kind,
    }));
    await cluster.apply([
      { apiVersion: 'v1', kind: 'Service', metadata: named('probed'), spec: { selector: { app: 'probed' }, ports } },
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: named('probed'), spec },
    ]);
    await untilReadiness('all containers are ready', all(true));
  });

  test('fail as soon as the application no longer listens, and pass when it does', { timeout: 240_000 }, async () => {
    for (const kind of KINDS) {
      const control = await cluster.forward(NAMESPACE, last?.metadata.name ?? '', controlOf(kind));
      await tell(control, 'close');
      await untilReadiness(`${kind}: not ready without its port`, { ...all(true), [kind]: false });
      await tell(control, 'open');
      await untilReadiness(`${kind}: ready with its port`, all(true));
    }
    for (const { name, restartCount } of last?.status.containerStatuses ?? []) assert.equal(restartCount, 0, name);
  });

  test('are the kubelet’s alone: from another pod the same address is refused', { timeout: 60_000 }, async () => {
    const address = last?.status.podIP ?? '';
    const calls = (to: string): Readonly<Record<'http' | 'tcp' | 'grpc', CallRequest>> => ({
      http: { to, port: portOf('http'), path: '/healthz' },
      tcp: { protocol: 'tcp', to, port: portOf('tcp'), lines: ['x'] },
      grpc: { protocol: 'grpc', to, port: portOf('grpc'), path: '/grpc.health.v1.Health/Check' },
    });
    // By the Service's name with the caller's certificate, and the policy says no.
    const { grpc, http, tcp } = calls('probed');
    await mesh.eventually('the Service is known', async () =>
      (await mesh.call('storefront', http)).status === 403 ? true : undefined,
    );
    assert.equal((await mesh.call('storefront', grpc)).grpcStatus, DENIED);
    assert.equal((await mesh.call('storefront', tcp)).status, -1);
    // By the pod's address in plain text, which nobody takes: a caller's own proxy says 503 for it.
    const direct = calls(address);
    for (const caller of ['storefront', 'outsider'] as const) {
      for (const call of Object.values(direct)) {
        const refused = await mesh.call(caller, call);
        const answered = refused.grpcStatus === 0 || (refused.status !== -1 && refused.status !== 503);
        assert.ok(!answered || refused.grpcStatus === UNAVAILABLE, `${caller}: ${describeResult(refused)}`);
      }
    }
  });
});
