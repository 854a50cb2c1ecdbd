import { request } from 'node:http';
import { json } from 'node:stream/consumers';

/** Nobody answers at the socket. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** Asks the `dotkube up` behind a socket. Throws {@link NotRunningError} when there is none. */
export async function askLocal<T>(socketPath: string, path: string): Promise<T> {
  const asked = request({ socketPath, path, agent: false, signal: AbortSignal.timeout(5000) });
  const answered = new Promise<T>((resolve, reject) => {
    asked.once('response', (response) => {
      const body = json(response) as Promise<T & { readonly error?: string }>;
      if (response.statusCode === 200) body.then(resolve, reject);
      else reject(new Error(`${path} answers ${response.statusCode}`));
    });
    asked.once('error', (cause: NodeJS.ErrnoException) => {
      const nobody = cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED';
      reject(nobody ? new NotRunningError('no dotkube up is running here', { cause }) : cause);
    });
  });
  asked.end();
  return await answered;
}
