import { createServer, type Socket } from 'node:net';
import { listen, loopbackAddress } from '../../../integration/envoy/harness/index.ts';

/** A request as its bytes reached the application. */
export interface Received {
  readonly method: string;
  /** The target of the request line, as it stands there. */
  readonly target: string;
  /** One entry per line. Names in lower case; values without the blanks around them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** An application that looks at the bytes of what reaches it. */
export interface RawApplication extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** How many requests reached it. */
  readonly received: number;
  /** What reached it although it should not have: the first few, in words. */
  readonly bypasses: readonly string[];
  readonly bypassed: number;
}

/** Words for a request that should never have come. */
export type Judge = (received: Received) => string | undefined;

const KEPT = 10;

/** Answers 200 to every request without a body, and judges it. */
export async function startRawApplication(judge: Judge): Promise<RawApplication> {
  const sockets = new Set<Socket>();
  const bypasses: string[] = [];
  let [received, bypassed] = [0, 0];
  const take = (head: string): void => {
    received += 1;
    const wrong = judge(parse(head));
    if (wrong === undefined) return;
    bypassed += 1;
    if (bypasses.length < KEPT) bypasses.push(wrong);
  };
  const server = createServer({ noDelay: true }, (socket) => {
    let text = '';
    sockets.add(socket);
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      text += String(chunk);
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        take(text.slice(0, end));
        text = text.slice(end + 4);
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      }
    });
  });
  const [address, port] = [loopbackAddress(), 8080];
  await listen(server, address, port);
  return {
    address,
    port,
    get received() {
      return received;
    },
    get bypassed() {
      return bypassed;
    },
    bypasses,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function parse(head: string): Received {
  const [line = '', ...fields] = head.split('\r\n');
  const [method = '', ...rest] = line.split(' ');
  return {
    method,
    target: rest.slice(0, -1).join(' '),
    headers: fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  };
}
