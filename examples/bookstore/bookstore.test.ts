import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import type { CallRecord } from './services/shared/call-record.ts';
import { GrpcClient } from './services/shared/grpc.ts';
import { CHECK_PATH, decodeCheckResponse, encodeCheckRequest } from './services/shared/inventory-messages.ts';

type Environment = Readonly<Record<string, string>>;

const children: ChildProcess[] = [];

const run = (program: string, environment: Environment): ChildProcess => {
  const file = join(import.meta.dirname, 'services', `${program}.ts`);
  const env = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...environment };
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
};

const linesOf = (child: ChildProcess): AsyncIterable<string> => {
  assert.ok(child.stdout !== null);
  return createInterface({ input: child.stdout });
};

/** Starts a service and returns the port that it says it listens on. */
const start = async (program: string, environment: Environment = {}): Promise<number> => {
  for await (const line of linesOf(run(program, environment))) {
    const { listening } = JSON.parse(line) as { readonly listening?: { readonly port: number } };
    if (listening !== undefined) return listening.port;
  }
  throw new Error(`${program} ended`);
};

const endpoint = (name: string, port: number): Environment => ({
  [`${name}_SERVICE_HOST`]: '127.0.0.1',
  [`${name}_SERVICE_PORT`]: String(port),
});

interface Store {
  readonly catalog: number;
  readonly reviews: number;
  readonly inventory: number;
  readonly ledger: number;
  readonly storefront: number;
}

let store: Store;
before(async () => {
  const [catalog, reviews, inventory, ledger] = await Promise.all([
    start('catalog', { POD_NAME: 'catalog-0' }),
    start('reviews', { POD_NAME: 'reviews-v2-0', VERSION: 'v2' }),
    start('inventory', { POD_NAME: 'inventory-0' }),
    start('ledger', { POD_NAME: 'ledger-0' }),
  ]);
  const upstreams = {
    ...endpoint('CATALOG', catalog),
    ...endpoint('REVIEWS', reviews),
    ...endpoint('INVENTORY', inventory),
    ...endpoint('LEDGER', ledger),
  };
  store = { catalog, reviews, inventory, ledger, storefront: await start('storefront', upstreams) };
});
after(async () => {
  for (const child of children) {
    if (child.kill('SIGKILL')) await once(child, 'exit');
  }
});

const get = async (port: number, path: string, init: RequestInit = {}) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, never> };
};

describe('the storefront', () => {
  test('shows a book with its reviews and stock, and says who answered', async () => {
    const { body, status } = await get(store.storefront, '/books/2');
    assert.equal(status, 200);
    assert.deepEqual(body['stock'], 3);
    assert.equal(body['reviews']?.[0]?.['stars'], 5);
    const calls: readonly CallRecord[] = body['calls'] ?? [];
    assert.deepEqual(
      calls.map(({ destination, version, pod, ok }) => [destination, version, pod, ok]),
      [
        ['catalog', 'v1', 'catalog-0', true],
        ['reviews', 'v2', 'reviews-v2-0', true],
        ['inventory', 'v1', 'inventory-0', true],
      ],
    );
  });

  test('has orders counted by the ledger', async () => {
    const order = { method: 'POST', body: JSON.stringify({ book: '1' }) };
    const [first, second] = [
      await get(store.storefront, '/orders', order),
      await get(store.storefront, '/orders', order),
    ];
    assert.deepEqual([first.status, second.status], [201, 201]);
    assert.equal(Number(second.body['orders']) - Number(first.body['orders']), 1);
    assert.equal((await get(store.storefront, '/orders', { method: 'POST', body: '{}' })).status, 400);
  });

  test('does without reviews but not without the catalog', async () => {
    await get(store.reviews, '/admin/faults?failRate=1', { method: 'POST' });
    const { body, status } = await get(store.storefront, '/books/1');
    assert.deepEqual([status, body['reviews'], body['calls']?.[1]?.['status']], [200, null, 503]);
    await get(store.reviews, '/admin/faults?failRate=0', { method: 'POST' });
    await get(store.catalog, '/admin/faults?failRate=1&status=500', { method: 'POST' });
    assert.equal((await get(store.storefront, '/books/1')).status, 502);
    await get(store.catalog, '/admin/faults?failRate=0', { method: 'POST' });
  });

  test('survives a ledger that resets its connections', async () => {
    const server = createServer((socket) =>
      socket.write('READY\n', () => setTimeout(() => socket.resetAndDestroy(), 50)),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const storefront = await start('storefront', endpoint('LEDGER', port));
    const order = { method: 'POST', body: JSON.stringify({ book: '1' }) };
    try {
      for (const _ of [1, 2]) assert.equal((await get(storefront, '/orders', order)).status, 502);
    } finally {
      server.close();
    }
  });

  test('says 404 for a book and a page that are not there', async () => {
    assert.equal((await get(store.storefront, '/books/99')).status, 404);
    assert.equal((await get(store.storefront, '/nowhere')).status, 404);
  });
});

describe('a service', () => {
  test('is healthy whatever faults it has, and refuses faults that are none', async () => {
    await get(store.catalog, '/admin/faults?failRate=1&delayMs=1', { method: 'POST' });
    assert.equal((await get(store.catalog, '/health')).status, 200);
    assert.deepEqual((await get(store.catalog, '/admin/faults')).body['faults'], {
      failRate: 1,
      status: 500,
      delayMs: 1,
    });
    await get(store.catalog, '/admin/faults?failRate=0&delayMs=0', { method: 'POST' });
    for (const query of ['failrate=1', 'failRate=-1', 'failRate=', 'status=200']) {
      assert.equal((await get(store.catalog, `/admin/faults?${query}`, { method: 'POST' })).status, 400, query);
    }
  });

  test('echoes the identity of its caller, and who it is', async () => {
    const certificate = 'By=spiffe://a/ns/b/sa/catalog;Hash=00;URI=spiffe://a/ns/b/sa/storefront';
    const { body, headers } = await get(store.catalog, '/books', {
      headers: { 'x-forwarded-client-cert': certificate },
    });
    assert.equal(body['served']?.['peer'], 'spiffe://a/ns/b/sa/storefront');
    assert.equal(headers.get('x-peer-identity'), 'spiffe://a/ns/b/sa/storefront');
    assert.equal(headers.get('x-served-by'), 'catalog-0');
    assert.equal((await get(store.catalog, '/books')).headers.get('x-peer-identity'), null);
  });

  test('that speaks gRPC answers many calls on one connection', async () => {
    const client = new GrpcClient({ host: '127.0.0.1', port: store.inventory });
    const results = await Promise.all(
      ['1', '2', '3', '4', '5', '6'].map((book) => client.call(CHECK_PATH, encodeCheckRequest({ book }))),
    );
    const copies = results.map(({ message }) => message && decodeCheckResponse(message).copies);
    assert.deepEqual(copies, [12, 3, 0, 41, 7, 0]);
    assert.equal((await client.call('/bookstore.v1.Inventory/Steal', Buffer.alloc(0))).status, 12);
    assert.equal((await client.call('/grpc.health.v1.Health/Check', Buffer.alloc(0))).message?.toString('hex'), '0801');
    client.close();
  });

  test('that speaks TCP speaks first, answers line by line, and says what it does not understand', async () => {
    const socket = connect(store.ledger, '127.0.0.1');
    socket.end('COUNT\nSTEAL\nAPPEND {"book":"1"}\n');
    const lines: string[] = [];
    for await (const line of createInterface({ input: socket })) lines.push(line);
    assert.equal(lines[0], 'READY ledger v1 ledger-0');
    assert.match(lines[1] ?? '', /^OK \d+ v1 ledger-0$/);
    assert.match(lines[2] ?? '', /^ERROR /);
    assert.match(lines[3] ?? '', /^OK \d+ v1 ledger-0$/);
  });

  test('ends at SIGTERM', async () => {
    const upstreams = { ...endpoint('CATALOG', store.catalog), ...endpoint('LEDGER', store.ledger) };
    for (const program of ['catalog', 'inventory', 'ledger', 'storefront']) {
      await start(program, upstreams);
      const child = children.at(-1);
      child?.kill('SIGTERM');
      assert.deepEqual(child && (await once(child, 'exit')), [0, null], program);
    }
  });
});

test('the shopper reports its own calls and those that the storefront made for it', async () => {
  const child = run('shopper', {
    ...endpoint('STOREFRONT', store.storefront),
    ...endpoint('REVIEWS', store.reviews),
    LIMIT: '60',
    RATE: '1000',
    SNOOP: '0.2',
    SEED: '7',
  });
  const calls: CallRecord[] = [];
  for await (const line of linesOf(child)) {
    const value = JSON.parse(line) as CallRecord;
    if ('destination' in value) calls.push(value);
  }
  const edges = new Set(calls.map(({ source, destination }) => `${source} → ${destination}`));
  assert.deepEqual([...edges].sort(), [
    'shopper → reviews',
    'shopper → storefront',
    'storefront → catalog',
    'storefront → inventory',
    'storefront → ledger',
    'storefront → reviews',
  ]);
  assert.deepEqual(
    calls.filter(({ ok }) => !ok),
    [],
  );
  assert.equal(calls.filter(({ source }) => source === 'shopper').length, 60);
});
