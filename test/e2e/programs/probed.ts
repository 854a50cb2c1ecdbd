// An application whose port can be closed and opened again while it runs: `POST /open` and `POST /close` on loopback.
//   KIND  http, tcp, grpc or exec (HTTP, but on loopback only)      PORT      CONTROL_PORT
import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { createServer as createTcpServer, type Server } from 'node:net';

const { CONTROL_PORT, KIND = 'http', PORT } = process.env;

function makeServer(): HttpServer | Http2Server | Server {
  if (KIND === 'tcp') {
    return createTcpServer((socket) => {
      // A probe hangs up as soon as it is connected.
      socket.on('error', () => undefined);
      socket.end('hello\n');
    });
  }
  if (KIND !== 'grpc') return createServer((_request, response) => void response.end('well\n'));
  const server = createHttp2Server();
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    // grpc.health.v1.HealthCheckResponse: SERVING.
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
  });
  return server;
}

let server: HttpServer | Http2Server | Server | undefined;
const open = (): void => {
  server ??= makeServer().listen(Number(PORT), KIND === 'exec' ? '127.0.0.1' : '0.0.0.0');
};
const close = (): void => {
  server?.close();
  if (server !== undefined && 'closeAllConnections' in server) server.closeAllConnections();
  server = undefined;
};

open();
createServer((request, response) => {
  if (request.url === '/close') close();
  else open();
  response.end();
}).listen(Number(CONTROL_PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
