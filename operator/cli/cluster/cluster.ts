import type { IncomingMessage } from 'node:http';
import { ApiError, isStatus, reasonForCode } from '../../framework/api/api-error.ts';
import { readBody } from '../../framework/client/body.ts';
import { type Connection, HttpApi, kubeconfigConnection } from '../../framework/client/index.ts';
import { Transport } from '../../framework/client/transport.ts';
import { systemClock } from '../../framework/clock.ts';
import { type CommandCall, type CommandIo, textFlag } from '../command.ts';
import { explained } from './trouble.ts';

/** A cluster to talk to. */
export interface Cluster {
  readonly api: HttpApi;
  readonly connection: Connection;
  /** The `--namespace` that was given, or that of the context. */
  readonly namespace: string;
  /** What is at a path of the API server that is no object: `/version`, a list of kinds. Rejects with an ApiError. */
  get<T>(path: string): Promise<Answer<T>>;
}

/** What the API server answered, and when: `date` is its clock, in milliseconds since the epoch, whole seconds. */
export interface Answer<T> {
  readonly value: T;
  readonly date: number | undefined;
}

const TIMEOUT_MS = 15_000;
const USER_AGENT = 'dotkube';

/** Opens the cluster that the flags mean for as long as `run` takes. What goes wrong is told with what to do. */
export async function withCluster<T>(
  call: CommandCall,
  io: CommandIo,
  run: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const [path, context] = [textFlag(call, 'kubeconfig'), textFlag(call, 'context')];
  try {
    const connection = await kubeconfigConnection({
      ...(path === undefined ? {} : { path }),
      ...(context === undefined ? {} : { context }),
      env: io.environment,
    });
    const api = new HttpApi(connection, { userAgent: USER_AGENT, requestTimeout: TIMEOUT_MS });
    const transport = new Transport(connection, systemClock, USER_AGENT);
    try {
      return await run({
        api,
        connection,
        namespace: textFlag(call, 'namespace') ?? connection.namespace,
        get: (path) => getJson(transport, path),
      });
    } finally {
      api.close();
      transport.close();
    }
  } catch (thrown) {
    throw explained(thrown);
  }
}

async function getJson<T>(transport: Transport, path: string): Promise<Answer<T>> {
  const response = await transport.send({ method: 'GET', path, timeout: TIMEOUT_MS, isStream: false });
  const body = await readBody(response);
  const code = response.statusCode ?? 0;
  if (code !== 200) throw refusalOf(code, body);
  return { value: JSON.parse(body) as T, date: dateOf(response) };
}

/** The error that a refusal of the API server stands for. */
export function refusalOf(code: number, body: string): ApiError {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isStatus(parsed)) return ApiError.fromStatus(parsed, code);
  } catch {
    // Something between here and the API server has answered, in words of its own.
  }
  const message = body.trim() === '' ? `the server answered ${code}` : body.trim().slice(0, 500);
  return new ApiError({ code, reason: reasonForCode(code), message });
}

function dateOf({ headers }: IncomingMessage): number | undefined {
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) ? undefined : time;
}
