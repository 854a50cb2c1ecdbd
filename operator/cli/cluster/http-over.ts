import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { readBody } from '../../framework/client/body.ts';

const TIMEOUT_MS = 15_000;

/** Where an HTTP server is asked: over a stream that leads to it, or at an address. */
export type HttpPlace = { readonly stream: Duplex } | { readonly host: string; readonly port: number };

/** The body of `GET path`. Rejects for any other status than 200. */
export async function getText(place: HttpPlace, path: string): Promise<string> {
  const asked = request({
    path,
    headers: { host: 'localhost', connection: 'close' },
    ...('stream' in place
      ? { createConnection: () => place.stream }
      : { agent: false, host: place.host, port: place.port }),
  });
  const timer = setTimeout(() => asked.destroy(new Error(`no answer to ${path} within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  try {
    return await new Promise<string>((resolve, reject) => {
      asked.once('error', reject);
      asked.once('response', (response) => resolve(bodyOf(response, path)));
      asked.end();
    });
  } finally {
    clearTimeout(timer);
    if ('stream' in place) place.stream.destroy();
  }
}

async function bodyOf(response: IncomingMessage, path: string): Promise<string> {
  const body = await readBody(response);
  if (response.statusCode !== 200) throw new Error(`${path} answers ${response.statusCode}`);
  return body;
}
