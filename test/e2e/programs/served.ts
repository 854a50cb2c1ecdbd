// A backend as most are: it ends at SIGTERM at once, whatever it has under way, and knows nothing of draining.
//   HTTP_PORT  HTTP/1.1      H2_PORT  HTTP/2 without TLS      Every tenth answer takes 300 ms, others 5 ms.
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';

const { H2_PORT, HOSTNAME = '', HTTP_PORT } = process.env;
let calls = 0;

function answerLater(answer: () => void): void {
  calls += 1;
  setTimeout(answer, calls % 10 === 0 ? 300 : 5);
}

createServer((_request, response) => answerLater(() => void response.end(`${HOSTNAME}\n`))).listen(Number(HTTP_PORT));
const http2 = createHttp2Server();
http2.on('stream', (stream) => {
  stream.on('error', () => undefined);
  answerLater(() => {
    if (stream.destroyed) return;
    stream.respond({ ':status': 200 });
    stream.end(`${HOSTNAME}\n`);
  });
});
http2.listen(Number(H2_PORT));
process.on('SIGTERM', () => process.exit(0));
