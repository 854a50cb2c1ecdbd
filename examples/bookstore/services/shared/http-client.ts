import { type CallRecord, recordOf, type Served } from './call-record.ts';
import { type Address, authority } from './settings.ts';

/** A call and what came of it; `body` is empty when there was no JSON. */
export interface HttpResult {
  readonly record: CallRecord;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An HTTP call. */
export interface HttpCall {
  readonly source: string;
  readonly destination: string;
  readonly address: Address;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: 5,000. */
  readonly timeoutMs?: number;
}

/** Calls another service. Never throws: what goes wrong stands in the record. */
export async function callHttp(call: HttpCall): Promise<HttpResult> {
  const { address, body, destination, headers = {}, method, path, source, timeoutMs = 5000 } = call;
  const target = { source, destination, protocol: 'http', operation: `${method} ${path}` } as const;
  const startedAt = performance.now();
  try {
    const response = await fetch(`http://${authority(address)}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = parseObject(text);
    const { ok, status } = response;
    const record = recordOf(target, startedAt, {
      ok,
      denied: status === 403,
      status,
      served: servedIn(json),
      ...(ok ? {} : { detail: text.trim().slice(0, 200) }),
    });
    return { record, body: json };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { record: recordOf(target, startedAt, { ok: false, status: -1, detail: String(cause) }), body: {} };
  }
}

function servedIn({ served }: Readonly<Record<string, unknown>>): Served {
  return typeof served === 'object' && served !== null ? served : {};
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
