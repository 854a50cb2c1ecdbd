import assert from 'node:assert/strict';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { formatSpiffeId } from '@dot-kube/proxy/model';
import {
  buildWorkload,
  identity,
  type LogLine,
  startMesh,
  startServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
  until,
} from '../harness/index.ts';
import { type Asked, judge, type Verdict } from './oracle.ts';
import { POLICIES } from './policies.ts';
import { REQUESTS, type Sent } from './requests.ts';

const FIRST_PORT = 7000;
const NAMES = Object.keys(POLICIES);

describe('authorization, against an oracle', () => {
  const scope = new AsyncDisposableStack();
  const agents = new Map<string, HttpAgent>();
  const paths = new Map<string, string>();
  let mesh: TestMesh;
  let server: TestProxy;
  let app: TestServer;

  before(async () => {
    app = scope.use(
      await startServer({
        respond: ({ headers, path }) => {
          paths.set(String(headers['x-request-id']), path);
          return {};
        },
      }),
    );
    mesh = scope.use(await startMesh());
    const ports = NAMES.map((name, index) => ({ port: FIRST_PORT + index, authorization: POLICIES[name] ?? [] }));
    const targets = Object.fromEntries(ports.map(({ port }) => [port, app]));
    server = await mesh.proxy({ name: 'server', workload: buildWorkload('server', ports), targets });
    agents.set('', new HttpAgent({ keepAlive: true, maxSockets: 8 }));
    for (const as of new Set(REQUESTS.map((request) => request.as))) {
      if (as === undefined) continue;
      const [namespace, name = ''] = as.split('/');
      const certificate = await mesh.certificate(name, namespace);
      const servername = 'any.shop.http.mesh.dot-kube.internal';
      agents.set(
        as,
        new HttpsAgent({ ...certificate, keepAlive: true, maxSockets: 8, servername, rejectUnauthorized: false }),
      );
    }
  });
  after(async () => {
    for (const agent of agents.values()) agent.destroy();
    await scope.disposeAsync();
  });

  const send = (port: number, id: string, sent: Sent): Promise<number> =>
    new Promise((resolve, reject) => {
      const { address: host, port: bound } = server.at(port);
      const { as, fromAddress: localAddress = '127.0.0.1', method = 'GET', path = '/' } = sent;
      const options = {
        host,
        port: bound,
        method,
        path,
        localAddress,
        // A connection of one address is no good for another.
        agent: localAddress === '127.0.0.1' ? agents.get(as ?? '') : oneTime(agents.get(as ?? '')),
        headers: { host: sent.host ?? 'some.host', 'x-request-id': id, ...sent.headers },
      };
      const request = (as === undefined ? httpRequest : httpsRequest)(options as object, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      request.on('error', reject);
      request.end();
    });

  test('has cases enough', () => {
    assert.ok(NAMES.length * REQUESTS.length >= 200, `${NAMES.length * REQUESTS.length}`);
  });

  for (const [index, name] of NAMES.entries()) {
    test(name, async () => {
      const ids = REQUESTS.map((_, number) => `${index}-${number}`);
      const answers = ids.map((id, number) => send(FIRST_PORT + index, id, REQUESTS[number] ?? {}));
      const statuses = await Promise.all(answers);
      const lines = await linesOf(server, ids);
      for (const [number, sent] of REQUESTS.entries()) {
        const id = ids[number] ?? '';
        const verdict = judge(POLICIES[name] ?? [], asked(sent));
        const what = JSON.stringify(sent);
        assert.equal(statuses[number], verdict.allowed ? 200 : 403, what);
        if (verdict.allowed) assert.equal(paths.get(id)?.split('?')[0], seenPath(sent), `${what}: what was seen`);
        const line = lines.get(id) ?? {};
        assert.equal(line['path'], seenPath(sent), `${what}: what was logged`);
        isNamed(verdict, line, what);
      }
    });
  }
});

function seenPath({ seen, path = '/' }: Sent): string {
  return seen ?? path;
}

function asked(sent: Sent): Asked {
  const [namespace, account = ''] = sent.as?.split('/') ?? [];
  return {
    peer: namespace === undefined ? undefined : formatSpiffeId(identity(account, namespace)),
    address: sent.fromAddress ?? '127.0.0.1',
    method: sent.method ?? 'GET',
    path: seenPath(sent),
    host: sent.host ?? 'some.host',
    headers: Object.fromEntries(Object.entries(sent.headers ?? {}).map(([key, value]) => [key.toLowerCase(), value])),
  };
}

/** The access log names what decided. */
function isNamed(verdict: Verdict, line: LogLine, what: string): void {
  const [, reason] = /^rbac_access_denied_matched_policy\[(.*)\]$/.exec(String(line['details'])) ?? [];
  names(reason, verdict.refusals, `${what}: refused by`);
  names(line['allowedBy'], verdict.allows, `${what}: allowed by`);
  names(line['audit'], verdict.audits, `${what}: audit`);
  names(line['dryRun'], verdict.dryRefusals, `${what}: dry run`);
}

/** One of the names is given, or none when there is none. */
function names(given: unknown, right: readonly string[], what: string): void {
  if (right.length === 0) assert.equal(given, undefined, what);
  else assert.ok(right.includes(String(given)), `${what}: ${String(given)}, which is none of ${right.join(' ')}`);
}

async function linesOf(server: TestProxy, ids: readonly string[]): Promise<ReadonlyMap<string, LogLine>> {
  const found = new Map<string, LogLine>();
  await until(() => {
    for (const line of server.logLines()) found.set(String(line['requestId']), line);
    return ids.every((id) => found.has(id));
  });
  return found;
}

function oneTime(agent: HttpAgent | undefined): HttpAgent | undefined {
  if (agent instanceof HttpsAgent) return new HttpsAgent({ ...agent.options, keepAlive: false });
  return agent === undefined ? undefined : new HttpAgent({ keepAlive: false });
}
