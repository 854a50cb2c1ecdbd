// Asks the control plane for a certificate, as a proxy would, and says what it got, as JSON.
//   HOST, PORT, SERVER_NAME   the control plane      ROOTS   the file of what it is verified with
//   TOKEN   a file with the token that is shown, or nothing      NODE   the name that it claims to have
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type IncomingHttpHeaders } from 'node:http2';

const { HOST, NODE = '', PORT, ROOTS = '', SERVER_NAME = '', TOKEN = '' } = process.env;
const SECRET = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
const METHOD = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';

/** A field of a Protocol Buffers message whose value is bytes. */
function field(number: number, value: Buffer): Buffer {
  const length: number[] = [];
  let rest = value.length;
  for (; rest > 127; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length, rest]), value]);
}

/** A DeltaDiscoveryRequest for the proxy's own certificate. */
function requestOf(node: string, names: readonly string[]): Buffer {
  const nodeMessage = field(1, Buffer.from(node));
  const subscribed = names.map((name) => field(3, Buffer.from(name)));
  const message = Buffer.concat([field(1, nodeMessage), field(2, Buffer.from(SECRET)), ...subscribed]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

const roots = JSON.stringify(JSON.parse(readFileSync(ROOTS, 'utf8')));
const ca = [...roots.matchAll(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/g)].map(([pem]) =>
  pem.replaceAll('\\n', '\n'),
);
const session = connect(`https://${HOST}:${PORT}`, { ca, servername: SERVER_NAME });
const answer: { grpcStatus?: number; message?: string; identities: string[]; bytes: number; error?: string } = {
  identities: [],
  bytes: 0,
};
let finished = false;
function finish(): void {
  if (finished) return;
  finished = true;
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
}

session.on('error', (error) => {
  answer.error = String(error);
  finish();
});
const authorization = TOKEN === '' ? {} : { authorization: `Bearer ${readFileSync(TOKEN, 'utf8').trim()}` };
const stream = session.request({
  ':method': 'POST',
  ':path': METHOD,
  te: 'trailers',
  'content-type': 'application/grpc',
  ...authorization,
});
stream.on('error', (error) => (answer.error = String(error)));
const note = (headers: IncomingHttpHeaders): void => {
  const { 'grpc-message': message, 'grpc-status': status } = headers;
  if (status === undefined) return;
  answer.grpcStatus = Number(status);
  if (typeof message === 'string') answer.message = message;
};
stream.on('response', note);
stream.on('trailers', note);
let received = '';
stream.on('data', (chunk: Buffer) => {
  answer.bytes += chunk.length;
  received += chunk.toString('latin1');
  for (const [pem] of received.matchAll(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)) {
    const identity = /URI:(\S+?)(?:,|$)/.exec(new X509Certificate(pem).subjectAltName ?? '')?.[1];
    if (identity !== undefined && !answer.identities.includes(identity)) answer.identities.push(identity);
  }
  if (answer.identities.length > 0) finish();
});
stream.on('close', finish);
stream.write(requestOf(NODE, (process.env['NAMES'] ?? '').split(',')));
setTimeout(finish, 8000);
