import { FleetClient } from './fleet-client.ts';
import { Relay } from './relay.ts';
import type { ClientSpec, Order, Reply } from './protocol.ts';

/** Many clients in a process of their own, as the one that they measure needs a processor for itself. Orders come as messages. */
const clients: FleetClient[] = [];
const relays = new Map<number, Relay>();
/** So many connect at the same time. */
const AT_ONCE = 25;
const TRIES = 5;

/** Tries again, as a proxy does that is told to come back. */
async function connected(spec: ClientSpec, port: number): Promise<FleetClient> {
  for (let tries = 1; ; tries++) {
    const client = new FleetClient(spec, port);
    try {
      await client.ready();
      return client;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

async function obey(order: Order): Promise<Reply> {
  switch (order.kind) {
    case 'connect':
      for (let at = 0; at < order.clients.length; at += AT_ONCE) {
        const some = order.clients.slice(at, at + AT_ONCE);
        const made = some.map(async (spec, index) => {
          const relay = spec.hasRelay === true ? await Relay.to(order.port) : undefined;
          if (relay !== undefined) relays.set(at + index, relay);
          return connected(spec, relay?.port ?? order.port);
        });
        clients.push(...(await Promise.all(made)));
      }
      return { kind: 'connected' };
    case 'stop-reading':
      for (const index of order.clients) clients[index]?.ask(order.more);
      for (const index of order.clients) {
        if (!relays.has(index)) clients[index]?.stopReading();
        else relays.get(index)?.stop();
      }
      return { kind: 'done' };
    case 'read-again':
      for (const index of order.clients) {
        relays.get(index)?.goOn();
        clients[index]?.readAgain();
      }
      return { kind: 'done' };
    case 'report': {
      const arrivals = clients.map((client, index) => ({ client: index, seen: client.seen.splice(0) }));
      const closed = clients.flatMap((client, index) => (client.isClosed ? [index] : []));
      return { kind: 'report', arrivals, closed };
    }
  }
}

process.on('message', (order: Order) => {
  obey(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      process.exit(1);
    },
  );
});
