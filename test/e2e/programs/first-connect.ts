// An application that calls another at once, once, and says what came of it. Ends with 0 only when that was an answer.
//   run as `node --input-type=module-typescript --eval <this text>`; TARGET is the Service in capitals
import { get } from 'node:http';

const prefix = process.env['TARGET'] ?? '';
const host = process.env[`${prefix}_SERVICE_HOST`];
const port = process.env[`${prefix}_SERVICE_PORT`];

function tell(outcome: object, exitCode: number): void {
  process.stdout.write(`${JSON.stringify({ pod: process.env['HOSTNAME'], ...outcome })}\n`, () =>
    process.exit(exitCode),
  );
}

get({ host, port, path: '/health', agent: false, timeout: 10_000 }, (response) => {
  let body = '';
  response.on('data', (chunk: Buffer) => (body += chunk.toString()));
  response.once('end', () => {
    const { statusCode: status } = response;
    const peer = response.headers['x-peer-identity'] ?? null;
    tell({ status, peer, ...(status === 200 ? {} : { body }) }, status === 200 ? 0 : 1);
  });
}).once('error', (error) => tell({ error: String(error) }, 1));
