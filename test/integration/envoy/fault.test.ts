import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Fault } from '@dot-kube/proxy/model';
import {
  type Answer,
  assertShare,
  buildWorkload,
  callMany,
  endpoint,
  identity,
  startMesh,
  startServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

const DELAY_MS = 150;

const FAULTS: Readonly<Record<string, Fault>> = {
  delayed: { delay: { percent: 30, delayMs: DELAY_MS } },
  aborted: { abort: { percent: 42.5, kind: 'http', status: 418 } },
  both: { delay: { percent: 50, delayMs: DELAY_MS }, abort: { percent: 50, kind: 'grpc', status: 14 } },
};

describe('faults', () => {
  const scope = new AsyncDisposableStack();
  const names = Object.keys(FAULTS);
  let mesh: TestMesh;
  let client: TestProxy;
  let server: TestProxy;
  let app: TestServer;

  const workload = (faults: Readonly<Record<string, Fault | undefined>>) =>
    buildWorkload(
      'server',
      names.map((name, index) => ({ port: 7000 + index, ...(faults[name] ? { fault: faults[name] } : {}) })),
    );

  before(async () => {
    app = scope.use(await startServer());
    mesh = scope.use(await startMesh());
    const targets = Object.fromEntries(names.map((_, index) => [7000 + index, app]));
    server = await mesh.proxy({ name: 'server', workload: workload(FAULTS), targets });
    const cluster = { identities: [identity('server')] };
    await mesh.service(
      ...names.map((name, index) => ({
        name,
        endpoints: [endpoint(server.at(7000 + index), { mtls: true })],
        cluster,
      })),
    );
    client = await mesh.proxy({ name: 'client', calls: names });
  });
  after(() => scope.disposeAsync());

  let counted = 0;
  /** Envoy counts the delays; as many answers at least took so long, and on a busy machine more. */
  const delaysAreShare = async (answers: readonly Answer[], share: number) => {
    const delays = (await server.envoy.stat('http.inbound.fault.delays_injected')) - counted;
    counted += delays;
    assertShare(delays, answers.length, share, 'delayed');
    const late = answers.filter(({ durationMs }) => durationMs >= DELAY_MS - 5).length;
    assert.ok(late >= delays, `${late} took long, ${delays} were delayed`);
  };

  test('delay their share of the requests', async () => {
    const answers = await callMany(600, 12, () => client.call('delayed'));
    assert.ok(answers.every(({ status }) => status === 200));
    await delaysAreShare(answers, 0.3);
  });

  test('abort their share of the requests, which the application never sees', async () => {
    app.requests = 0;
    const answers = await callMany(1600, 12, () => client.call('aborted'));
    const aborted = answers.filter(({ status }) => status === 418).length;
    assertShare(aborted, 1600, 0.425, 'aborted');
    assert.equal(app.requests, 1600 - aborted);
  });

  test('delay and abort alike, and answer gRPC in its own terms', async () => {
    const headers = { 'content-type': 'application/grpc' };
    const answers = await callMany(300, 12, () => client.call('both', { method: 'POST', headers }));
    const aborted = answers.filter((answer) => answer.headers['grpc-status'] === '14');
    assertShare(aborted.length, 300, 0.5, 'aborted');
    await delaysAreShare(answers, 0.5);
  });

  test('end with the next request', async () => {
    await mesh.workload(workload({ ...FAULTS, aborted: undefined }));
    const answers = await callMany(100, 4, () => client.call('aborted'));
    assert.ok(answers.every(({ status }) => status === 200));
  });
});
