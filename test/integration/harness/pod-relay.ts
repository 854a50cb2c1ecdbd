import { connect, createServer, type Socket } from 'node:net';

/**
 * Runs in a pod's network namespace, as its application: what it is told over the Unix socket of its first argument it dials or
 * listens on, and passes the bytes on. So a test's own sockets are the application's.
 */
type Order =
  | { readonly kind: 'connect'; readonly host: string; readonly port: number }
  | { readonly kind: 'listen'; readonly host: string; readonly port: number; readonly socket: string };

const [control = ''] = process.argv.slice(2);

createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
  client.on('error', () => {});
  // Byte by byte up to the line break: what follows belongs to the peer.
  const read: string[] = [];
  const look = (): void => {
    for (let byte = client.read(1) as Buffer | null; byte !== null; byte = client.read(1) as Buffer | null) {
      if (byte[0] !== 10) read.push(byte.toString('latin1'));
      else {
        client.off('readable', look);
        return obey(JSON.parse(read.join('')) as Order, client);
      }
    }
  };
  client.on('readable', look);
}).listen(control, () => process.stdout.write('ready\n'));

function obey(order: Order, client: Socket): void {
  if (order.kind === 'connect') {
    const peer = connect({ host: order.host, port: order.port, allowHalfOpen: true, noDelay: true });
    const refuse = (error: Error): void => void client.end(`${error.message}\n`);
    peer.once('error', refuse);
    peer.once('connect', () => {
      peer.off('error', refuse);
      client.write('ok\n');
      pass(client, peer);
    });
    return;
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (caller) => {
    pass(connect({ path: order.socket, allowHalfOpen: true }), caller);
  });
  server.once('error', (error) => client.end(`${error.message}\n`));
  server.listen({ host: order.host, port: order.port }, () => client.write('ok\n'));
  client.once('close', () => server.close());
  client.resume();
}

/** Both ways, with each end's end and each end's reset. */
function pass(pipe: Socket, tcp: Socket): void {
  // Only TCP can be reset.
  const breakOff = (socket: Socket): void => void (socket === tcp ? socket.resetAndDestroy() : socket.destroy());
  for (const [from, to] of [
    [pipe, tcp],
    [tcp, pipe],
  ] as const) {
    from.on('error', () => breakOff(to));
    from.on('close', () => to.destroySoon());
    from.pipe(to);
  }
}
