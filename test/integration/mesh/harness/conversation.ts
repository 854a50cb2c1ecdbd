import { once } from 'node:events';
import { type ClientHttp2Stream, connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Dial } from './flows.ts';

const PATIENCE_MS = 5000;

/** What is said next on a connection; undefined when it ends instead. Throws when neither happens. */
export async function hear(socket: Socket | ClientHttp2Stream): Promise<string | undefined> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    return await Promise.race([
      once(socket, 'data', { signal }).then(([chunk]) => String(chunk)),
      ...['end', 'close'].map((event) => once(socket, event, { signal }).then(() => undefined)),
      delay(PATIENCE_MS, undefined, { signal }).then(() => {
        throw new Error(`nothing was said in ${PATIENCE_MS} ms`);
      }),
    ]);
  } catch (error) {
    // A reset is an end.
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return undefined;
    throw error;
  } finally {
    settled.abort();
  }
}

/** Says something and hears what comes next. */
export async function ask(socket: Socket | ClientHttp2Stream, words: string): Promise<string | undefined> {
  socket.write(words);
  return hear(socket);
}

/** One question on a connection of its own; undefined when it ends without an answer. */
export async function askOnce(dial: Dial, words: string): Promise<string | undefined> {
  const socket = await dial();
  try {
    return await ask(socket, words);
  } finally {
    socket.destroy();
  }
}

/** A stream of gRPC that is open on both sides. */
export async function openGrpc(dial: Dial, path: string): Promise<ClientHttp2Stream> {
  const socket = await dial();
  const session = connectHttp2('http://grpc', { createConnection: () => socket });
  session.on('error', () => {});
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('error', () => {});
  stream.on('close', () => session.destroy());
  return stream;
}

/** One call of gRPC: the message that came back, and the trailers. */
export async function callGrpc(
  dial: Dial,
  path: string,
  message: string,
): Promise<{ readonly message: string; readonly trailers: IncomingHttpHeaders }> {
  const stream = await openGrpc(dial, path);
  let [answer, trailers]: [string, IncomingHttpHeaders] = ['', {}];
  stream.on('data', (chunk) => (answer += String(chunk)));
  stream.on('trailers', (headers) => (trailers = headers));
  stream.end(message);
  await once(stream, 'close', { signal: AbortSignal.timeout(PATIENCE_MS) });
  return { message: answer, trailers };
}
