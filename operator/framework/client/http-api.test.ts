import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '../api/api-error.ts';
import { resourceKind } from '../api/resource-kind.ts';
import { createMetricsRegistry } from '../metrics.ts';
import { WIDGET, widget } from '../testing/contract/widget.ts';
import { refusal } from '../testing/contract/subject.ts';
import type { Credentials } from './connection.ts';
import { HttpApi, type HttpApiOptions } from './http-api.ts';

const REF = { namespace: 'ns', name: 'a' };
const OBJECT = widget('ns', 'a', { size: 1 });

/** A server that answers as it is told, and a client of it. */
async function serving(t: TestContext, listener: RequestListener, options: HttpApiOptions = {}) {
  const requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      listener(request, response);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let reads = 0;
  const credentials: { current: Credentials } = { current: { headers: { authorization: 'Bearer secret' }, tls: {} } };
  const connection = {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`,
    namespace: 'ns',
    credentials: async () => {
      reads++;
      return credentials.current;
    },
  };
  const metrics = createMetricsRegistry();
  const api = new HttpApi(connection, { metrics, ...options });
  t.after(async () => {
    api.close();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return { api, metrics, requests, sockets, credentials, reads: () => reads };
}

function json(response: ServerResponse, body: unknown, code = 200, headers: Record<string, string> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function status(code: number, reason: string) {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: `it says ${reason}` };
}

describe('the HTTP client', () => {
  it('speaks the API: paths, queries, bodies and content types', async (t) => {
    const { api, requests } = await serving(t, (_, response) => json(response, OBJECT));
    const pod = resourceKind('v1', 'Pod');
    const node = resourceKind('v1', 'Node', { namespaced: false });
    await api.get(WIDGET, REF);
    await api.get(node, { name: 'weird/name' });
    await api.create(WIDGET, widget('ns', '', {}, { generateName: 'x-' }), { fieldManager: 'me', dryRun: true });
    await api.replace(WIDGET, OBJECT, { subresource: 'status' });
    await api.apply(WIDGET, OBJECT, { fieldManager: 'me too', force: true, subresource: 'status' });
    await api.delete(pod, REF, { preconditions: { uid: 'u' }, propagationPolicy: 'Orphan' });
    await api.createSubresource(pod, REF, 'eviction', OBJECT);
    const root = '/prefix/apis/framework.example.com/v1/namespaces/ns/widgets';
    assert.deepEqual(
      requests.map(({ method, url }) => `${method} ${url}`),
      [
        `GET ${root}/a`,
        'GET /prefix/api/v1/nodes/weird%2Fname',
        `POST ${root}?fieldManager=me&dryRun=All`,
        `PUT ${root}/a/status`,
        `PATCH ${root}/a/status?fieldManager=me%20too&force=true`,
        'DELETE /prefix/api/v1/namespaces/ns/pods/a',
        'POST /prefix/api/v1/namespaces/ns/pods/a/eviction',
      ],
    );
    const types = requests.map(({ headers }) => headers['content-type']?.replace('application/', ''));
    assert.deepEqual(types, [undefined, undefined, 'json', 'json', 'apply-patch+yaml', 'json', 'json']);
    assert.deepEqual(JSON.parse(requests[2]?.body ?? '').metadata, { generateName: 'x-', namespace: 'ns' });
    assert.deepEqual(JSON.parse(requests[5]?.body ?? ''), {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Orphan',
      preconditions: { uid: 'u' },
    });
    assert.ok(requests.every(({ headers }) => headers.authorization === 'Bearer secret'));
  });

  it('lists with kinds in the items, and without the version once there is a token', async (t) => {
    const list = { metadata: { resourceVersion: '7', continue: 'more' }, items: [{ metadata: { name: 'a' } }] };
    const { api, requests } = await serving(t, (_, response) => json(response, list));
    const page = await api.list(WIDGET, { limit: 1, resourceVersion: '5', resourceVersionMatch: 'NotOlderThan' });
    assert.deepEqual(page, {
      resourceVersion: '7',
      items: [{ metadata: { name: 'a' }, apiVersion: 'framework.example.com/v1', kind: 'Widget' }],
      continue: 'more',
    });
    await api.list(WIDGET, { limit: 1, resourceVersion: '5', resourceVersionMatch: 'NotOlderThan', continue: 'more' });
    const queries = requests.map(({ url }) => url.split('?')[1]);
    assert.deepEqual(queries, ['limit=1&resourceVersion=5&resourceVersionMatch=NotOlderThan', 'limit=1&continue=more']);
  });

  it('keeps its connections open', async (t) => {
    const { api, sockets, reads } = await serving(t, (_, response) => json(response, OBJECT));
    for (let i = 0; i < 50; i++) await api.get(WIDGET, REF);
    assert.equal(sockets.size, 1);
    assert.equal(reads(), 1);
  });

  it('says what the server said when it refuses', async (t) => {
    const { api, metrics } = await serving(t, (_, response) => json(response, status(409, 'AlreadyExists'), 409));
    const error = await refusal(api.create(WIDGET, OBJECT));
    assert.deepEqual([error.code, error.reason, error.message], [409, 'AlreadyExists', 'it says AlreadyExists']);
    const text = await metrics.metrics();
    assert.match(text, /rest_client_requests_total\{code="409",method="POST",host="127\.0\.0\.1:\d+"\} 1/);
  });

  it('makes the best of an answer that is no status', async (t) => {
    const { api } = await serving(t, (_, response) => {
      response.writeHead(502);
      response.end('<html>bad gateway</html>');
    });
    const error = await refusal(api.get(WIDGET, REF));
    assert.deepEqual([error.code, error.reason, error.message], [502, 'Unknown', '<html>bad gateway</html>']);
  });

  it('waits as long as a busy server asks and tries again, a few times', async (t) => {
    let busy = 2;
    const times: number[] = [];
    const options = { maxRetries: 2 };
    const { api } = await serving(
      t,
      (_, response) => {
        times.push(performance.now());
        if (busy-- > 0) json(response, status(429, 'TooManyRequests'), 429, { 'retry-after': '0' });
        else json(response, OBJECT);
      },
      options,
    );
    await api.create(WIDGET, OBJECT);
    assert.equal(times.length, 3);
    assert.ok((times[2] ?? 0) - (times[0] ?? 0) >= 290, 'it also waits by itself');
    busy = 3;
    const error = await refusal(api.get(WIDGET, REF));
    assert.deepEqual([error.code, error.retryAfter], [429, 0]);
  });

  it('passes on a refusal for longer than it would wait', async (t) => {
    const { api, requests } = await serving(t, (_, response) => {
      json(response, status(429, 'TooManyRequests'), 429, { 'retry-after': '60' });
    });
    const error = await refusal(api.get(WIDGET, REF));
    assert.deepEqual([error.retryAfter, requests.length], [60_000, 1]);
  });

  it('reads its credentials again after a 401, once', async (t) => {
    const { api, requests, reads } = await serving(t, (_, response) => {
      json(response, status(401, 'Unauthorized'), 401);
    });
    assert.equal((await refusal(api.get(WIDGET, REF))).code, 401);
    assert.deepEqual([requests.length, reads()], [2, 2]);
  });

  it('opens new connections when its certificate has changed', async (t) => {
    let refuses = false;
    const { api, sockets, credentials } = await serving(t, (_, response) => {
      json(response, refuses ? status(401, 'Unauthorized') : OBJECT, refuses ? 401 : 200);
      refuses = false;
    });
    await api.get(WIDGET, REF);
    credentials.current = { headers: {}, tls: { cert: 'renewed' } };
    await api.get(WIDGET, REF);
    assert.equal(sockets.size, 1, 'credentials are not read all the time');
    refuses = true;
    await api.get(WIDGET, REF);
    assert.equal(sockets.size, 2);
  });

  it('sends a request again when the server has just closed the kept connection', async (t) => {
    let count = 0;
    const { api } = await serving(t, (request, response) => {
      if (++count === 2) request.socket.resetAndDestroy();
      else json(response, OBJECT);
    });
    await api.get(WIDGET, REF);
    await api.get(WIDGET, REF);
    assert.equal(count, 3);
    count = 1;
    const error = await refusal(api.create(WIDGET, OBJECT));
    assert.equal(error.reason, 'Unreachable', 'a create may have happened');
  });

  it('gives up on a server that does not answer, or not to the end', async (t) => {
    const { api } = await serving(
      t,
      (request, response) => {
        if (request.method === 'GET') return;
        response.writeHead(200);
        response.write('{');
      },
      { requestTimeout: 50 },
    );
    assert.equal((await refusal(api.get(WIDGET, REF))).reason, 'Timeout');
    assert.match((await refusal(api.create(WIDGET, OBJECT))).message, /no end within 50 ms/);
  });

  it('says where it could not get to', async () => {
    const connection = {
      server: 'http://127.0.0.1:9',
      namespace: 'x',
      credentials: async () => ({ headers: {}, tls: {} }),
    };
    const error = await refusal(new HttpApi(connection).get(WIDGET, REF));
    assert.deepEqual([error.code, error.reason], [0, 'Unreachable']);
    assert.match(error.message, /cannot reach http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/);
    assert.ok(error.cause instanceof Error);
  });

  it('ends a request at once when it is told to, with the reason that it is given', async (t) => {
    const { api } = await serving(t, () => {});
    const controller = new AbortController();
    const request = api.get(WIDGET, REF, { signal: controller.signal });
    setImmediate(() => controller.abort(new Error('enough')));
    await assert.rejects(request, /^Error: enough$/);
    await assert.rejects(api.get(WIDGET, REF, { signal: controller.signal }), /^Error: enough$/);
  });

  it('puts events together that come in pieces, to the byte', async (t) => {
    const events = [
      { type: 'ADDED', object: widget('ns', 'a', { color: 'grün' }) },
      { type: 'DELETED', object: widget('ns', 'b') },
    ];
    const write = async (response: ServerResponse): Promise<void> => {
      response.writeHead(200);
      const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      for (let i = 0; i < bytes.length; i += 7) {
        response.write(bytes.subarray(i, i + 7));
        await delay(0);
      }
      response.end();
    };
    const { api } = await serving(t, (_, response) => void write(response));
    const seen = [];
    for await (const event of api.watch(WIDGET, { resourceVersion: '1' })) seen.push(event);
    assert.deepEqual(seen, events);
  });

  it('closes the connection of a watch that nobody reads any more', async (t) => {
    const closed = Promise.withResolvers<void>();
    const { api } = await serving(t, (request, response) => {
      request.socket.once('close', () => closed.resolve());
      response.writeHead(200);
      response.write(`${JSON.stringify({ type: 'ADDED', object: OBJECT })}\n`);
    });
    for await (const event of api.watch(WIDGET, { resourceVersion: '1' })) {
      assert.equal(event.type, 'ADDED');
      break;
    }
    await closed.promise;
  });

  it('throws when the connection of a watch breaks, also within an event', async (t) => {
    const { api } = await serving(t, (_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.end('{"type":"A');
    });
    const read = async (): Promise<void> => {
      for await (const event of api.watch(WIDGET, { resourceVersion: '1' })) assert.fail(JSON.stringify(event));
    };
    await assert.rejects(read(), (error) => error instanceof ApiError && /ended within a line/.test(error.message));
  });

  it('does not let long watches take the connections of requests', async (t) => {
    const { api } = await serving(t, (request, response) => {
      if (request.url?.includes('watch=true') === true) response.writeHead(200).flushHeaders();
      else json(response, OBJECT);
    });
    const stop = new AbortController();
    const watches = Array.from({ length: 40 }, async () => {
      const options = { resourceVersion: '1', signal: stop.signal };
      for await (const event of api.watch(WIDGET, options)) assert.fail(JSON.stringify(event));
    });
    const ended = Promise.allSettled(watches);
    await delay(50);
    await api.get(WIDGET, REF);
    stop.abort();
    assert.ok((await ended).every((each) => each.status === 'rejected'));
  });
});
