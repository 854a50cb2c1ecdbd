// A workload that calls others when it is told to: `POST /calls` with a CallBatch answers CallResult[]. It listens where only its own
// pod reaches it. Runs as `node --input-type=module-typescript --eval <this text>`, so it imports nothing but Node.js itself.
//   RESOLVE  `environment`: Services are found by the variables that Kubernetes sets; else by their names in the DNS
import { createServer, request as httpRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, isIP } from 'node:net';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallBatch, CallRequest, CallResult } from './calls.ts';

const { HOST = '127.0.0.1', CONTROL_PORT = '9900', RESOLVE } = process.env;

interface Address {
  readonly host: string;
  readonly port: number;
}

function addressOf({ port, to }: CallRequest): Address {
  if (RESOLVE !== 'environment' || isIP(to) !== 0) return { host: to, port };
  const prefix = to.toUpperCase().replaceAll('-', '_');
  const host = process.env[`${prefix}_SERVICE_HOST`];
  if (host === undefined) throw new Error(`there is no Service ${to}`);
  return { host, port };
}

type Outcome = Omit<CallResult, 'durationMs'>;

function failure(error: unknown): Outcome {
  const code = (error as { readonly code?: unknown }).code;
  const text = typeof code === 'string' ? code : String(error);
  return { status: -1, headers: {}, body: '', error: text };
}

function http(call: CallRequest): Promise<Outcome> {
  const { headers = {}, method = 'GET', path = '/', timeoutMs = 5000 } = call;
  return new Promise((resolve, reject) => {
    // As callers in a cluster do: the name of the Service, not an address.
    const host = `${call.to}:${call.port}`;
    const options = { ...addressOf(call), method, path, headers: { host, ...headers }, agent: false };
    const sent = httpRequest({ ...options, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const entries = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: response.statusCode ?? -1,
          headers: Object.fromEntries(entries),
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}

async function grpc(call: CallRequest): Promise<Outcome> {
  const { headers = {}, message = '', path = '/', timeoutMs = 5000 } = call;
  const { host, port } = addressOf(call);
  const session = connectHttp2(`http://${host}:${port}`);
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      session.once('error', reject);
      const head = { ':method': 'POST', ':path': path, ':authority': `${call.to}:${call.port}`, te: 'trailers' };
      const signal = AbortSignal.timeout(timeoutMs);
      const stream = session.request({ ...head, 'content-type': 'application/grpc', ...headers }, { signal });
      let [status, seen] = [-1, {} as Readonly<Record<string, string>>];
      const note = (received: object): void => {
        seen = {
          ...seen,
          ...Object.fromEntries(Object.entries(received).map(([name, value]) => [name, String(value)])),
        };
        status = Number(seen[':status'] ?? status);
      };
      stream.on('response', note);
      stream.on('trailers', note);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('error', reject);
      stream.once('close', () => {
        if (status === -1) return reject(new Error('closed'));
        const grpcStatus = seen['grpc-status'];
        const body = Buffer.concat(chunks).subarray(5).toString('base64');
        resolve({
          status,
          headers: seen,
          body,
          ...(grpcStatus === undefined ? {} : { grpcStatus: Number(grpcStatus) }),
        });
      });
      const bytes = Buffer.from(message, 'base64');
      const frame = Buffer.alloc(5);
      frame.writeUInt32BE(bytes.length, 1);
      stream.end(Buffer.concat([frame, bytes]));
    });
  } finally {
    session.destroy();
  }
}

/** A conversation, a line for a line, in which the server speaks first. */
async function tcp(call: CallRequest): Promise<Outcome> {
  const { holdMs = 0, lines = [], timeoutMs = 5000 } = call;
  const socket = connect(addressOf(call));
  const late = setTimeout(() => socket.destroy(new Error('TIMEOUT')), timeoutMs + holdMs);
  let error: Error | undefined;
  socket.on('error', (problem) => (error = problem));
  const closed = new Promise<'closed'>((resolve) => {
    socket.once('close', () => resolve('closed'));
  });
  const received: string[] = [];
  const waiting = [...lines];
  const answered = new Promise<'answered'>((resolve) => {
    const reader = createInterface({ input: socket });
    // It passes the socket's errors on.
    reader.on('error', () => undefined);
    reader.on('line', (line) => {
      received.push(line);
      const next = waiting.shift();
      if (next !== undefined) socket.write(`${next}\n`);
      if (received.length > lines.length) resolve('answered');
    });
  });
  let end = await Promise.race([answered, closed]);
  if (end === 'answered' && holdMs > 0) end = await Promise.race([closed, delay(holdMs, 'answered' as const)]);
  clearTimeout(late);
  socket.destroy();
  const status = received.length > lines.length ? 0 : -1;
  const why = error === undefined ? (status === 0 ? {} : { error: 'closed' }) : { error: failure(error).error ?? '' };
  return { status, headers: {}, body: received.join('\n'), closed: end === 'closed', ...why };
}

async function make(call: CallRequest): Promise<CallResult> {
  const startedAt = performance.now();
  const outcome = await { grpc, http, tcp }[call.protocol ?? 'http'](call).catch(failure);
  return { ...outcome, durationMs: Math.round(performance.now() - startedAt) };
}

async function makeAll({ call, concurrency, count }: CallBatch): Promise<readonly CallResult[]> {
  const results: CallResult[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await make(call);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  return results;
}

const server = createServer((request, response) => {
  const made = json(request).then((batch) => makeAll(batch as CallBatch));
  made.then(
    (results) => response.end(JSON.stringify(results)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(Number(CONTROL_PORT), HOST, () =>
  process.stdout.write(`${JSON.stringify({ listening: CONTROL_PORT })}\n`),
);
process.on('SIGTERM', () => process.exit(0));
