import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import type { FollowReplica } from './peers.ts';
import type { ReplicaIdentity } from './replica-identity.ts';
import { REPORT_PATH } from './report-server.ts';

/** The longest line that is read, in characters. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** Follows replicas over the network, as who `identityOf` says at the time. */
export function reportClient(identityOf: () => ReplicaIdentity | undefined): FollowReplica {
  return async function* lines(address, signal) {
    const identity = identityOf();
    if (identity === undefined) throw new Error('this replica has no certificate yet');
    const session = connect(`https://${address}`, {
      ...identity.credentials,
      minVersion: 'TLSv1.3',
      // Replicas are reached by addresses that no certificate names: who they are is all that counts.
      checkServerIdentity: (_host, certificate) =>
        identity.isReplica(certificate) ? undefined : new Error('what answers is no replica of this control plane'),
    });
    const end = (): void => session.destroy();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      yield* linesOf(await bodyOf(session));
    } finally {
      signal.removeEventListener('abort', end);
      session.destroy();
    }
  };
}

/** Throws what keeps the connection from opening. */
async function bodyOf(session: ClientHttp2Session): Promise<AsyncIterable<string>> {
  // Without a listener, an error that comes late would end the process.
  session.on('error', () => {});
  await Promise.race([once(session, 'connect'), once(session, 'close').then(() => closed())]);
  const request = session.request({ ':method': 'GET', ':path': REPORT_PATH });
  request.on('error', () => {});
  const [headers] = (await Promise.race([once(request, 'response'), once(request, 'close').then(() => closed())])) as [
    Readonly<Record<string, unknown>>,
  ];
  if (headers[':status'] !== 200) throw new Error(`the replica answers ${String(headers[':status'])}`);
  request.setEncoding('utf8');
  return request as AsyncIterable<string>;
}

function closed(): never {
  throw new Error('the connection was closed');
}

/** Cuts a text into its lines; throws at one that is too long. */
export async function* linesOf(chunks: AsyncIterable<string>, longest = LONGEST_LINE): AsyncIterable<string> {
  let rest: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = '', ...more] = chunk.split('\n');
    length += first.length;
    if (length > longest) throw new Error(`a line of more than ${longest} characters`);
    rest.push(first);
    for (const part of more) {
      yield rest.join('');
      rest = [part];
      length = part.length;
    }
  }
}
