/**
 * What pods run: answers every request with its name, over HTTP/1.1 at 8080 and over HTTP/2 without TLS at 8081. A process of its own, in the
 * pod's network namespace, so that a busy test does not hold it up: `node application.ts NAME`.
 */
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';

const [name = ''] = process.argv.slice(2);

const http1 = createServer((request, response) => {
  request.resume();
  response.end(name);
});
// A server that closes idle connections by itself races with the next request on them: that would be its own fault.
http1.keepAliveTimeout = 0;
http1.requestTimeout = 0;

const http2 = createHttp2Server();
http2.on('stream', (stream) => {
  stream.on('error', () => undefined);
  stream.resume();
  stream.respond({ ':status': 200 });
  stream.end(name);
});

let listening = 0;
const ready = (): void => {
  listening += 1;
  if (listening === 2) process.stdout.write('ready\n');
};
http1.listen(8080, ready);
http2.listen(8081, ready);
