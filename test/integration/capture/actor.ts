import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * Runs in a network namespace, as some user. `serve {"80":"words"}` answers every connection to these ports with these words;
 * `dial ["10.0.0.1 80"]` prints who answers, or what goes wrong, as JSON; a third word is the address to dial from.
 */
const [task, user = '0', json = ''] = process.argv.slice(2);

process.setgid?.(Number(user));
process.setuid?.(Number(user));

async function dial(target: string): Promise<string> {
  const [host = '', port, localAddress] = target.split(' ');
  const socket = connect({ host, port: Number(port), ...(localAddress === undefined ? {} : { localAddress }) });
  socket.setTimeout(3000, () => socket.destroy(new Error('no answer')));
  try {
    return await text(socket);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

if (task === 'serve') {
  const ports = Object.entries(JSON.parse(json) as Record<string, string>);
  const listening = ports.map(([port, words]) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    createServer((socket) => socket.on('error', () => undefined).end(words)).listen(Number(port), '::', resolve);
    return promise;
  });
  await Promise.all(listening);
  process.stdout.write('ready\n');
} else {
  const answers = await Promise.all((JSON.parse(json) as string[]).map(dial));
  process.stdout.write(JSON.stringify(answers));
}
