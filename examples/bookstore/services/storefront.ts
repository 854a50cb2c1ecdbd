// storefront: what shoppers see. Asks catalog, reviews and inventory, writes orders to the ledger, all at once.
import { type CallRecord, recordOf } from './shared/call-record.ts';
import { GRPC, GrpcClient } from './shared/grpc.ts';
import { callHttp, type HttpResult } from './shared/http-client.ts';
import { type Answer, type Call, notFound, serveHttp } from './shared/http-service.ts';
import {
  CHECK_PATH,
  type CheckResponse,
  decodeCheckResponse,
  encodeCheckRequest,
} from './shared/inventory-messages.ts';
import { LedgerClient } from './shared/ledger-client.ts';
import { selfOf, upstream } from './shared/settings.ts';

const self = selfOf('storefront');
const source = self.service;
const catalog = upstream('catalog', 8080);
const reviews = upstream('reviews', 8080);
const inventory = new GrpcClient(upstream('inventory', 9090));
const ledger = new LedgerClient(upstream('ledger', 7070));

/** An answer with what it took to make it. */
const withCalls = (status: number, body: object, calls: readonly CallRecord[]): Answer => ({
  status,
  body: { ...body, calls },
});

async function ask(destination: 'catalog' | 'reviews', method: string, path: string): Promise<HttpResult> {
  const address = destination === 'catalog' ? catalog : reviews;
  return await callHttp({ source, destination, address, method, path });
}

async function stockOf(book: string): Promise<{ readonly record: CallRecord; readonly stock: number | null }> {
  const target = { source, destination: 'inventory', protocol: 'grpc', operation: `Check ${book}` } as const;
  const startedAt = performance.now();
  const { detail, message, status } = await inventory.call(CHECK_PATH, encodeCheckRequest({ book }));
  const response: CheckResponse | undefined = message === undefined ? undefined : decodeCheckResponse(message);
  const record = recordOf(target, startedAt, {
    ok: response !== undefined,
    denied: status === GRPC.permissionDenied,
    status,
    ...(response === undefined
      ? { detail: detail ?? '' }
      : { served: { ...response, peer: response.peer === '' ? null : response.peer } }),
  });
  return { record, stock: response?.copies ?? null };
}

async function showBook(id: string): Promise<Answer> {
  const [book, read, stock] = await Promise.all([
    ask('catalog', 'GET', `/books/${id}`),
    ask('reviews', 'GET', `/books/${id}/reviews`),
    stockOf(id),
  ]);
  const calls = [book.record, read.record, stock.record];
  if (book.record.status === 404) return withCalls(404, { error: 'there is no such book' }, calls);
  if (!book.record.ok) return withCalls(502, { error: 'the catalog does not answer' }, calls);
  // A page without reviews or stock is better than none.
  const shown = { book: book.body['book'], reviews: read.body['reviews'] ?? null, stock: stock.stock };
  return withCalls(200, shown, calls);
}

async function deleteBook(id: string): Promise<Answer> {
  const { body, record } = await ask('catalog', 'DELETE', `/books/${id}`);
  return withCalls(record.ok ? 200 : record.denied ? 403 : 502, { deleted: body['deleted'] ?? null }, [record]);
}

async function order(book: string): Promise<Answer> {
  const target = { source, destination: 'ledger', protocol: 'tcp', operation: 'APPEND' } as const;
  const startedAt = performance.now();
  try {
    const receipt = await ledger.append({ book, at: new Date().toISOString() });
    const record = recordOf(target, startedAt, { ok: true, status: 0, served: receipt });
    return withCalls(201, { orders: receipt.orders }, [record]);
  } catch (error) {
    const record = recordOf(target, startedAt, { ok: false, status: -1, detail: String(error) });
    return withCalls(502, { error: 'the ledger does not answer' }, [record]);
  }
}

async function handle(call: Call): Promise<Answer> {
  const { method, path } = call;
  const [collection, id, ...rest] = path;
  if (rest.length > 0) return notFound;
  if (collection === undefined) {
    const { body: list, record } = await ask('catalog', 'GET', '/books');
    return withCalls(record.ok ? 200 : 502, { books: list['books'] ?? null }, [record]);
  }
  if (collection === 'books' && id !== undefined) {
    return method === 'DELETE' ? await deleteBook(id) : await showBook(id);
  }
  if (collection !== 'orders' || method !== 'POST') return notFound;
  const given = (await call.body()) as { readonly book?: unknown } | null;
  if (typeof given?.book !== 'string') return { status: 400, body: { error: 'say which book' } };
  return await order(given.book);
}

serveHttp(self, handle);
