import { createServer } from 'node:http';

/** The application behind the pairs, in a process of its own: `node application.ts PORT BYTES` answers every request with so many bytes. */
const [port, bytes] = process.argv.slice(2).map(Number);
const body = Buffer.alloc(bytes ?? 0, 'x');
const headers = { 'content-type': 'text/plain', 'content-length': body.length };

const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
// Longer than proxies keep idle connections, so that none is closed under a request.
server.keepAliveTimeout = 600_000;
server.listen(port, '0.0.0.0', () => process.stdout.write('ready\n'));
