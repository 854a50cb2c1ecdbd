// ledger: the orders, over TCP, a line for a line. It speaks first, as databases do.
//   READY ledger <version> <pod>
//   > APPEND {"book":"1"}     < OK <number of orders> <version> <pod>
//   > COUNT                   < OK <number of orders> <version> <pod>
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { applyFaults } from './shared/faults.ts';
import { listenAddress, report, selfOf } from './shared/settings.ts';
import { onShutdown } from './shared/shutdown.ts';

const self = selfOf('ledger');
const longestLine = 4096;
const orders: string[] = [];

async function answerTo(line: string): Promise<string> {
  if ((await applyFaults()) !== undefined) return 'ERROR failed on purpose';
  const order = /^APPEND (?<order>\{.*\})$/.exec(line)?.groups?.['order'];
  if (order !== undefined) orders.push(order);
  else if (line !== 'COUNT') return 'ERROR say APPEND {…} or COUNT';
  return `OK ${orders.length} ${self.version} ${self.pod}`;
}

async function converse(socket: Socket): Promise<void> {
  socket.write(`READY ledger ${self.version} ${self.pod}\n`);
  for await (const line of createInterface({ input: socket })) {
    if (line.length > longestLine) break;
    socket.write(`${await answerTo(line)}\n`);
  }
  socket.end();
}

const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  socket.on('error', () => undefined);
  converse(socket).catch(() => socket.destroy());
});
const { host, port } = listenAddress(7070);
server.listen(port, host, () => {
  report({ listening: { ...self, host, port: (server.address() as AddressInfo).port } });
});
onShutdown(
  () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.end();
    }),
);
