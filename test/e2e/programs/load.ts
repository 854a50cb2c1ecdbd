// Calls a Service so many times a second over HTTP/1.1 and HTTP/2, on connections that are kept, until it is ended, and never tries again.
// Calls begin when they are due, whether those before them were answered or not.
//   HOST, HTTP_PORT, H2_PORT      RATE  a second, of each protocol      CONTROL_PORT  on loopback: what came of them, as JSON
import { Agent, createServer, get } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';

interface Failure {
  readonly at: string;
  readonly afterMs: number;
  readonly what: string;
}

const { CONTROL_PORT, H2_PORT, HOST = '', HTTP_PORT, RATE = '1' } = process.env;
const LIMIT_MS = 15_000;
const KEPT_FAILURES = 50;

class Tally {
  sent = 0;
  answered = 0;
  failed = 0;
  /** Calls that were due so long ago that they were left out: this program had no processor. */
  missed = 0;
  slowestMs = 0;
  readonly failures: Failure[] = [];
  readonly servers: Record<string, number> = {};

  /** Counts one call, whose outcome is told once; later words of it are not heard. */
  begin(): (failure: string | undefined, server?: string) => void {
    this.sent += 1;
    const started = performance.now();
    const at = new Date().toISOString();
    let told = false;
    return (failure, server = '') => {
      if (told) return;
      told = true;
      const afterMs = Math.round(performance.now() - started);
      this.slowestMs = Math.max(this.slowestMs, afterMs);
      if (failure === undefined) {
        this.answered += 1;
        this.servers[server] = (this.servers[server] ?? 0) + 1;
        return;
      }
      this.failed += 1;
      if (this.failures.length < KEPT_FAILURES) this.failures.push({ at, afterMs, what: failure });
    };
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 64 });

function callHttp1(tally: Tally): void {
  const end = tally.begin();
  const request = get({ host: HOST, port: HTTP_PORT, path: '/', agent }, (response) => {
    let body = '';
    response.on('data', (chunk: Buffer) => (body += chunk.toString()));
    response.once('error', (error) => end(String(error)));
    response.once('end', () => {
      const { headers, statusCode: status } = response;
      end(status === 200 ? undefined : `${status} ${body} ${JSON.stringify(headers)}`, body.trim());
    });
  });
  request.once('error', (error) => end(String(error)));
  const timer = setTimeout(() => {
    end(`no answer in ${LIMIT_MS} ms`);
    request.destroy();
  }, LIMIT_MS);
  request.once('close', () => clearTimeout(timer));
}

let session: ClientHttp2Session | undefined;

/** The connection that takes calls; a new one where the last was closed or is being closed. */
function openSession(): ClientHttp2Session {
  if (session !== undefined && !session.closed && !session.destroyed) return session;
  const opened = connect(`http://${HOST}:${H2_PORT}`);
  const leave = (): void => {
    if (session === opened) session = undefined;
  };
  opened.on('error', leave);
  opened.on('close', leave);
  opened.on('goaway', leave);
  session = opened;
  return opened;
}

function callHttp2(tally: Tally): void {
  const end = tally.begin();
  const stream = openSession().request({ ':path': '/' });
  let status: number | undefined;
  let body = '';
  stream.on('response', (headers) => (status = headers[':status']));
  stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
  stream.once('error', (error) => end(String(error)));
  const timer = setTimeout(() => {
    end(`no answer in ${LIMIT_MS} ms`);
    stream.close();
  }, LIMIT_MS);
  stream.once('close', () => {
    clearTimeout(timer);
    end(status === 200 ? undefined : `${status} ${body}`, body.trim());
  });
}

/** Begins calls as they come due; a program that was without a processor for a second does not make up for it. */
function keepCalling(call: (tally: Tally) => void): Tally {
  const tally = new Tally();
  const rate = Number(RATE);
  const started = performance.now();
  let begun = 0;
  setInterval(() => {
    const due = Math.floor(((performance.now() - started) * rate) / 1000);
    if (due - begun > rate) {
      tally.missed += due - begun - rate;
      begun = due - rate;
    }
    for (; begun < due; begun += 1) call(tally);
  }, 5);
  return tally;
}

const tallies = { http1: keepCalling(callHttp1), http2: keepCalling(callHttp2) };
createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(tallies));
}).listen(Number(CONTROL_PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
