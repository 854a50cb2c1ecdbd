import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { type Connection, kubeconfigConnection } from '../../../../operator/framework/index.ts';
import { scratchDirectory } from '../../../tools/scratch-directory.ts';
import { claimsOf } from './forged.ts';

const KEYS = ['/openid/v1/jwks', '/.well-known/openid-configuration'];
const REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews';

interface Review {
  readonly spec: { readonly token: string };
}

/** A way to answer a review; undefined: not at all. */
type Answer = (review: Review) => { readonly status: number; readonly type: string; readonly body: string } | undefined;

const of = (status: number, value: unknown) => ({ status, type: 'application/json', body: JSON.stringify(value) });

/** How the API server fails to judge a token. The last two say all of it but the verdict. */
export const FAILURES: Readonly<Record<string, Answer>> = {
  'an error (500)': () =>
    of(500, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 500, reason: 'InternalError' }),
  'that it is not allowed (403)': () =>
    of(403, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 403, reason: 'Forbidden' }),
  'nothing (200)': () => ({ status: 201, type: 'application/json', body: '' }),
  HTML: () => ({ status: 200, type: 'text/html', body: '<html><body>authenticated: true</body></html>' }),
  'half of an answer': (review) => ({
    status: 201,
    type: 'application/json',
    body: JSON.stringify(statusOf(review, {})).slice(0, 60),
  }),
  'an empty object': () => of(201, {}),
  'a list': () => of(201, []),
  'the question': (review) => of(201, review),
  'no status': (review) => of(201, { ...review, status: null }),
  'who it is, but no verdict': (review) => of(201, statusOf(review, { audiences: ['dot-kube'] })),
  'a verdict for no audience': (review) => of(201, statusOf(review, { authenticated: true })),
};

/** What may be published in the place of keys, and of who issues tokens. */
export const KEY_FAILURES: Readonly<Record<string, Answer>> = {
  'an error (500)': () => of(500, { kind: 'Status', status: 'Failure', code: 500 }),
  'nothing (200)': () => ({ status: 200, type: 'application/json', body: '' }),
  HTML: () => ({ status: 200, type: 'text/html', body: '<html>{"keys": []}</html>' }),
  'half of an answer': () => ({ status: 200, type: 'application/json', body: '{"issuer":"https://kubernetes.default' }),
  'an empty object': () => of(200, {}),
  'no keys': () => of(200, { issuer: ISSUER, keys: [] }),
  'a list': () => of(200, []),
  'a secret that everybody knows': () => of(200, { issuer: ISSUER, keys: [{ kty: 'oct', kid: '', k: '' }] }),
  'a key of two bits': () => of(200, { issuer: ISSUER, keys: [{ kty: 'RSA', kid: 'x', n: 'Aw', e: 'AQAB' }] }),
};

const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** It never answers. */
export const SILENCE: Answer = () => undefined;

/** Stands between the operator and its API server, and answers reviews of tokens in its place. */
export class FailingJudge implements AsyncDisposable {
  /** For the operator. */
  readonly kubeconfig: string;
  /** How it answers reviews; undefined: as the API server does. */
  failure: Answer | undefined;
  /** How it answers who asks for the keys of tokens; undefined: as the API server does. */
  keysFailure: Answer | undefined;
  readonly #server: Server;

  private constructor(server: Server, kubeconfig: string) {
    this.#server = server;
    this.kubeconfig = kubeconfig;
  }

  static async start(kubeconfig: string): Promise<FailingJudge> {
    const connection = await kubeconfigConnection({ path: kubeconfig });
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const file = join(await scratchDirectory('judge'), 'kubeconfig.json');
    const { port } = server.address() as AddressInfo;
    await writeFile(file, kubeconfigAt(`http://127.0.0.1:${port}`));
    const judge = new FailingJudge(server, file);
    server.on(
      'request',
      (asked: IncomingMessage, answer: ServerResponse) => void judge.#answer(connection, asked, answer),
    );
    return judge;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #answer(connection: Connection, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const path = asked.url?.split('?')[0] ?? '';
    const failure = path === REVIEWS ? this.failure : KEYS.includes(path) ? this.keysFailure : undefined;
    if (failure === undefined) return await forward(connection, asked, answer);
    const made = failure(path === REVIEWS ? ((await json(asked)) as Review) : { spec: { token: '' } });
    if (made === undefined) return;
    answer.writeHead(made.status, { 'content-type': made.type });
    answer.end(made.body);
  }
}

async function forward(connection: Connection, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { headers, tls } = await connection.credentials();
  const { host: _host, ...sent } = asked.headers;
  const options = { method: asked.method ?? 'GET', headers: { ...sent, ...headers }, ...tls };
  const passed = request(new URL(asked.url ?? '/', connection.server), options, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    // What a watch has said so far must not wait for what it says next.
    answer.flushHeaders();
    response.pipe(answer);
    answer.once('close', () => response.destroy());
  });
  passed.once('error', () => answer.destroy());
  asked.pipe(passed);
}

/** What a review says of whoever the token claims to be, with this instead of a verdict. */
function statusOf({ spec: { token }, ...review }: Review, verdict: Readonly<Record<string, unknown>>): unknown {
  const { claims } = claimsOf(token);
  const { pod = {} } = (claims['kubernetes.io'] ?? {}) as {
    readonly pod?: { readonly name?: string; readonly uid?: string };
  };
  const extra = {
    'authentication.kubernetes.io/pod-name': [pod.name],
    'authentication.kubernetes.io/pod-uid': [pod.uid],
  };
  return { ...review, spec: { token }, status: { ...verdict, user: { username: claims['sub'], extra } } };
}

function kubeconfigAt(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}
