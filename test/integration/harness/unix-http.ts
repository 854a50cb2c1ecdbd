import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** One HTTP request over a Unix socket, as Envoy's admin interface in another network namespace is reached. Throws when the status is not 200. */
export async function unixHttp(socketPath: string, path: string, method = 'GET'): Promise<string> {
  const [status, body] = await new Promise<readonly [number, string]>((resolve, reject) => {
    const sent = request({ socketPath, path, method, timeout: 10_000, agent: false }, (response) => {
      text(response).then((body) => resolve([response.statusCode ?? 0, body]), reject);
    });
    sent.once('timeout', () => sent.destroy(new Error(`no answer to ${path} within 10 s`)));
    sent.once('error', reject);
    sent.end();
  });
  if (status !== 200) throw new Error(`${method} ${path}: ${status} ${body}`);
  return body;
}
