import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { kubeconfigConnection } from '../../../operator/framework/client/kubeconfig.ts';
import { fieldOf } from '../../../operator/framework/api/json.ts';

/** What the API server said to an object. */
export interface ServerVerdict {
  readonly taken: boolean;
  /** The fields that it names, without those of rules that it could not evaluate. */
  readonly fields: readonly string[];
  /** The codes of the rules that refuse it. */
  readonly codes: readonly string[];
  readonly message: string;
}

/** Asks an API server about objects, without storing them. */
export interface VerdictClient extends Disposable {
  /** `plural` is the resource; objects are created in the namespace default, with strict fields. */
  ask(plural: string, object: unknown): Promise<ServerVerdict>;
}

/** Connects with a kubeconfig, over a few connections that stay open. */
export async function verdictClient(kubeconfig: string): Promise<VerdictClient> {
  const connection = await kubeconfigConnection({ path: kubeconfig });
  const { server } = connection;
  const { tls, headers } = await connection.credentials();
  const agent = new Agent({ ...tls, keepAlive: true, maxSockets: 8 });
  const ask = async (plural: string, object: unknown) => {
    const path = `/apis/mesh.dot-kube.io/v1alpha1/namespaces/default/${plural}?dryRun=All&fieldValidation=Strict`;
    const body = JSON.stringify(object);
    const [code, answer] = await send(new URL(path, server), body);
    if (code !== 201 && code !== 400 && code !== 422) throw new Error(`the API server answers ${code}: ${answer}`);
    return verdictOf(code, JSON.parse(answer));
  };
  const send = (url: URL, body: string) =>
    new Promise<readonly [number, string]>((resolve, reject) => {
      const sent = request(url, {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        text(response).then((answer) => resolve([response.statusCode ?? 0, answer]), reject);
      });
      sent.end(body);
    });
  return { ask, [Symbol.dispose]: () => agent.destroy() };
}

function verdictOf(code: number, status: unknown): ServerVerdict {
  const message = String(fieldOf(status, 'message'));
  if (code === 201) return { taken: true, fields: [], codes: [], message: '' };
  const unknown = [...message.matchAll(/unknown field "([^"]+)"/g)].map(([, field = '']) => field);
  const details = fieldOf(fieldOf(status, 'details'), 'causes');
  const causes = (Array.isArray(details) ? details : [])
    .map((cause) => ({ field: String(fieldOf(cause, 'field')), text: String(fieldOf(cause, 'message')) }))
    .filter(({ field, text }) => field !== '<nil>' && !text.includes(' evaluating rule: '));
  const codes = causes.flatMap(({ text }) => [...text.matchAll(/\((DK\d+)\)/g)].map(([, found = '']) => found));
  const fields = [...unknown, ...causes.map(({ field }) => field)];
  return { taken: false, fields: [...new Set(fields)], codes: [...new Set(codes)], message };
}
