import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { isIP } from 'node:net';
import { linesOf } from '../replicas/report-client.ts';
import { SNAPSHOT_PATH } from './snapshot-server.ts';

/** Lines of one stream from a replica; it ends when the stream does, and throws what broke it. */
export type FollowPrimary = (address: PrimaryAddress, signal: AbortSignal) => AsyncIterable<string>;

/** Where one replica is, and what its certificate must say. */
export interface PrimaryAddress {
  readonly host: string;
  readonly port: number;
  /** A DNS name or an address. */
  readonly serverName: string;
}

/** What a standby shows, and believes; both are read for each connection, as both change in their files. */
export interface StandbyCredentials {
  token(): Promise<string>;
  /** PEM. */
  roots(): Promise<string>;
}

/** What opening a connection may take, milliseconds. */
const CONNECT_MS = 5000;

/** Follows replicas over the network: TLS 1.3, with the standby's token. */
export function snapshotClient(credentials: StandbyCredentials): FollowPrimary {
  return async function* lines({ host, port, serverName }, signal) {
    const [ca, token] = await Promise.all([credentials.roots(), credentials.token()]);
    const session = connect(`https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`, {
      ca,
      minVersion: 'TLSv1.3',
      // A name that is an address is checked as the address that is connected to.
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    });
    const end = (): void => session.destroy();
    signal.addEventListener('abort', end, { once: true });
    const timer = setTimeout(end, CONNECT_MS);
    if (signal.aborted) end();
    try {
      const request = await opened(session, token);
      clearTimeout(timer);
      yield* linesOf(request);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      session.destroy();
    }
  };
}

/** Throws what keeps the stream from opening. */
async function opened(session: ClientHttp2Session, token: string): Promise<AsyncIterable<string>> {
  let failure: Error | undefined;
  // Without a listener, an error that comes late would end the process.
  session.on('error', (error: Error) => (failure = error));
  const closed = (): never => {
    throw failure ?? new Error('the connection was closed');
  };
  await Promise.race([once(session, 'connect').catch(closed), once(session, 'close').then(closed)]);
  const request = session.request({ ':method': 'GET', ':path': SNAPSHOT_PATH, authorization: `Bearer ${token}` });
  const status = await answered(request, closed);
  if (status !== 200) throw new Error(refusalOf(status));
  request.setEncoding('utf8');
  return request as AsyncIterable<string>;
}

async function answered(request: ClientHttp2Stream, closed: () => never): Promise<number> {
  request.on('error', () => {});
  const [headers] = (await Promise.race([
    once(request, 'response').catch(closed),
    once(request, 'close').then(closed),
  ])) as [Readonly<Record<string, unknown>>];
  return Number(headers[':status']);
}

function refusalOf(status: number): string {
  if (status === 403) return 'the control plane does not take the token for that of its standby';
  return status === 503 ? 'the control plane cannot judge the token at present' : `the control plane answers ${status}`;
}
