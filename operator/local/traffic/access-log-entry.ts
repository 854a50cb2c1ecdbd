import { fieldOf, isJsonObject } from '../../framework/api/json.ts';

/** One line of a proxy's access log, as `proxy/envoy/access-log.ts` has it written; what had no value is missing. */
export interface AccessLogEntry {
  readonly direction: 'inbound' | 'outbound';
  readonly subject: 'http' | 'tcp' | 'refused';
  /** `address:port` of the caller. */
  readonly source?: string;
  /** `address:port` of who really answered. */
  readonly upstream?: string;
  readonly cluster?: string;
  /** The caller's SPIFFE ID. */
  readonly peer?: string;
  /** The server's SPIFFE ID. */
  readonly upstreamPeer?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly grpcStatus?: number;
  readonly attempts?: number;
  readonly flags?: string;
  readonly details?: string;
  readonly dryRun?: string;
  /** Of a TCP connection: `TcpUpstreamConnected`, `TcpPeriodic` or `TcpConnectionEnd`. */
  readonly phase?: string;
  readonly durationMs?: number;
}

/** Reads a line; undefined when it is none of ours. */
export function parseAccessLogLine(line: string): AccessLogEntry | undefined {
  const value = parsed(line);
  const direction = fieldOf(value, 'direction');
  const subject = fieldOf(value, 'subject');
  if (direction !== 'inbound' && direction !== 'outbound') return undefined;
  if (subject !== 'http' && subject !== 'tcp' && subject !== 'refused') return undefined;
  const fields = isJsonObject(value) ? value : {};
  return { direction, subject, ...texts(fields), ...numbers(fields) };
}

const TEXTS = [
  'source',
  'upstream',
  'cluster',
  'peer',
  'upstreamPeer',
  'method',
  'path',
  'flags',
  'details',
  'dryRun',
  'phase',
];
const NUMBERS = ['status', 'grpcStatus', 'attempts', 'durationMs'];

function texts(fields: Readonly<Record<string, unknown>>): Partial<AccessLogEntry> {
  return Object.fromEntries(
    TEXTS.flatMap((name) => {
      const value = fieldOf(fields, name);
      return typeof value === 'string' && value !== '' && value !== '-' ? [[name, value]] : [];
    }),
  );
}

/** Envoy writes a number as text where it is a part of a longer text or a header. */
function numbers(fields: Readonly<Record<string, unknown>>): Partial<AccessLogEntry> {
  return Object.fromEntries(
    NUMBERS.flatMap((name) => {
      const value = fieldOf(fields, name);
      const number = typeof value === 'string' && value !== '' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? [[name, number]] : [];
    }),
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
