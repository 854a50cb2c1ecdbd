import assert from 'node:assert/strict';
import { type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { createMetricsRegistry } from '../../operator/framework/metrics.ts';
import { TestClock } from '../../operator/framework/testing/index.ts';
import {
  type AdmissionHandler,
  AdmissionServer,
  type AdmissionServerOptions,
} from '../../operator/framework/webhook/index.ts';
import { createTestAuthority, type KeyPair, type TestAuthority } from '../cluster/certificates.ts';

const REVIEW = {
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { uid: '7', operation: 'CREATE', kind: { kind: 'Pod' }, resource: { resource: 'pods' }, dryRun: true },
};
const ALLOW: AdmissionHandler = () => ({ kind: 'allow' });

let authority: TestAuthority;
let certificate: KeyPair;

interface Running extends AsyncDisposable {
  readonly server: AdmissionServer;
  readonly stop: () => Promise<void>;
  post(path: string, body: unknown, options?: RequestOptions): Promise<{ status: number; body: string }>;
}

async function serve(options: Partial<AdmissionServerOptions>): Promise<Running> {
  const server = new AdmissionServer({
    address: { host: '127.0.0.1', port: 0 },
    certificate: { cert: certificate.certificate, key: certificate.key },
    routes: {},
    ...options,
  });
  const stopping = new AbortController();
  const running = server.run(stopping.signal);
  await server.started();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  return {
    server,
    stop,
    post: (path, body, more) => post(server.port, path, body, more),
    [Symbol.asyncDispose]: stop,
  };
}

function post(
  port: number,
  path: string,
  body: unknown,
  more: RequestOptions = {},
  onSent?: (sent: ClientRequest) => void,
) {
  return new Promise<{ status: number; body: string; certificate: string }>((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        ca: authority.certificate,
        servername: 'webhook',
        headers: { 'content-type': 'application/json' },
        ...more,
      },
      (response: IncomingMessage & { socket: { getPeerCertificate?: () => { serialNumber: string } } }) => {
        const { serialNumber = '' } = response.socket.getPeerCertificate?.() ?? {};
        text(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, body: answer, certificate: serialNumber }),
          reject,
        );
      },
    );
    sent.once('error', reject);
    onSent?.(sent);
    sent.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

describe('the admission server', () => {
  before(async () => {
    authority = await createTestAuthority();
    certificate = await authority.server(['webhook'], ['127.0.0.1']);
  });

  it('asks the handler of the path, whatever the query', async () => {
    const seen: unknown[] = [];
    await using running = await serve({
      routes: {
        '/deny': ({ dryRun, uid }) => {
          seen.push([dryRun, uid]);
          return { kind: 'deny', message: 'not today' };
        },
      },
    });
    const { body, status } = await running.post('/deny?timeout=10s', REVIEW);
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body), {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: '7', allowed: false, status: { code: 403, message: 'not today' } },
    });
    assert.deepEqual(seen, [[true, '7']]);
  });

  it('answers what is no review without asking anybody', async () => {
    await using running = await serve({
      routes: { '/a': () => assert.fail('it is asked') },
      limits: { bodyBytes: 1000 },
    });
    const status = async (...args: Parameters<Running['post']>): Promise<number> =>
      (await running.post(...args)).status;
    assert.equal(await status('/b', REVIEW), 404);
    assert.equal(await status('/__proto__', REVIEW), 404);
    assert.equal(await status('/a', ''), 400);
    assert.equal(await status('/a', { ...REVIEW, kind: 'Pod' }), 400);
    assert.equal(await status('/a', REVIEW, { method: 'PUT' }), 405);
    assert.equal(await status('/a', REVIEW, { headers: { 'content-type': 'text/plain' } }), 415);
    assert.equal(await status('/a', `"${'x'.repeat(1000)}"`), 413);
  });

  it('keeps the words of errors that nobody expected to itself, and counts them', async () => {
    const metrics = createMetricsRegistry();
    const broken = (): never => {
      throw new Error('secret');
    };
    await using running = await serve({ metrics, routes: { '/a': broken, '/b': ALLOW } });
    const { body, status } = await running.post('/a', REVIEW);
    assert.deepEqual([status, body], [500, 'internal error\n']);
    await running.post('/b', REVIEW);
    const lines = (await metrics.metrics()).split('\n').filter((line) => line.startsWith('admission_webhook_requests'));
    assert.ok(lines.includes('admission_webhook_requests_total{path="/a",verdict="500"} 1'), lines.join('\n'));
    assert.ok(lines.includes('admission_webhook_requests_total{path="/a",verdict="allow"} 0'));
    assert.ok(lines.includes('admission_webhook_requests_total{path="/b",verdict="allow"} 1'));
  });

  it('answers in time, and tells the handler that nobody waits any more', async () => {
    const clock = new TestClock();
    const asked = Promise.withResolvers<AbortSignal>();
    const handler: AdmissionHandler = (_, signal) => {
      asked.resolve(signal);
      return new Promise(() => undefined);
    };
    await using running = await serve({ clock, routes: { '/a': handler }, limits: { answerMs: 5000 } });
    const answer = running.post('/a', REVIEW);
    const signal = await asked.promise;
    assert.equal(signal.aborted, false);
    await clock.advance(5000);
    assert.equal((await answer).status, 504);
    assert.equal(signal.aborted, true);
  });

  it('tells the handler that the caller has gone', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const handler: AdmissionHandler = (_, signal) => {
      asked.resolve(signal);
      return new Promise(() => undefined);
    };
    await using running = await serve({ routes: { '/a': handler } });
    const gone = new AbortController();
    const answer = running.post('/a', REVIEW, { signal: gone.signal });
    const signal = await asked.promise;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    gone.abort();
    await assert.rejects(answer);
    await aborted;
  });

  it('takes no more reviews at once than it can bear', async () => {
    const release = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const handler: AdmissionHandler = async () => {
      asked.resolve();
      await release.promise;
      return { kind: 'allow' };
    };
    await using running = await serve({ routes: { '/a': handler }, limits: { concurrent: 1 } });
    const first = running.post('/a', REVIEW);
    await asked.promise;
    assert.equal((await running.post('/a', REVIEW)).status, 503);
    release.resolve();
    assert.equal((await first).status, 200);
    assert.equal((await running.post('/a', REVIEW)).status, 200);
  });

  it('uses another certificate for the next connection, and keeps the old one when the other is none', async () => {
    await using running = await serve({ routes: { '/a': ALLOW } });
    const serial = async (): Promise<string> =>
      (await post(running.server.port, '/a', REVIEW, { agent: new Agent({ maxCachedSessions: 0 }) })).certificate;
    const first = await serial();
    assert.throws(() => running.server.setCertificate({ cert: 'no', key: 'no' }));
    assert.equal(await serial(), first);
    const { certificate: cert, key } = await authority.server(['webhook'], ['127.0.0.1']);
    running.server.setCertificate({ cert, key });
    assert.notEqual(await serial(), first);
  });

  it('gives the answers that are under way before it ends, and takes no others', async () => {
    const release = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const agent = new Agent({ keepAlive: true });
    after(() => agent.destroy());
    const handler: AdmissionHandler = async () => {
      asked.resolve();
      await release.promise;
      return { kind: 'allow' };
    };
    const running = await serve({ routes: { '/a': handler } });
    const { port } = running.server;
    const answer = running.post('/a', REVIEW, { agent });
    await asked.promise;
    const ended = running.stop();
    await assert.rejects(post(port, '/a', REVIEW));
    release.resolve();
    assert.equal((await answer).status, 200);
    await ended;
  });
});
