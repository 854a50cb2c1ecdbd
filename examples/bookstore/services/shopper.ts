// shopper: looks at books and orders some, and now and then tries what it may not. One JSON line for every call in the
// store, its own and those that the storefront made for it.
//   RATE   requests a second (10)      SNOOP  share of the requests that try what is forbidden (0.05)
//   LIMIT  ends after so many (0: goes on for ever)      SEED  makes the choices repeatable
import { setTimeout as delay } from 'node:timers/promises';
import type { CallRecord } from './shared/call-record.ts';
import { callHttp, type HttpResult } from './shared/http-client.ts';
import { numberSetting, report, selfOf, upstream } from './shared/settings.ts';
import { onShutdown } from './shared/shutdown.ts';

const self = selfOf('shopper');
const source = self.service;
const storefront = upstream('storefront', 8080);
const reviews = upstream('reviews', 8080);
const [rate, snoop, limit] = [numberSetting('RATE', 10), numberSetting('SNOOP', 0.05), numberSetting('LIMIT', 0)];
const mostAtOnce = 50;

let state = numberSetting('SEED', Date.now()) >>> 0;
/** mulberry32: small, and the same for the same seed. */
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

async function visit(): Promise<HttpResult> {
  const book = String(1 + Math.floor(random() * 5));
  const [choice, forbidden] = [random(), random()];
  const target = { source, destination: 'storefront', address: storefront };
  if (forbidden < snoop / 2) return await callHttp({ ...target, method: 'DELETE', path: `/books/${book}` });
  if (forbidden < snoop) {
    // Past the storefront, which alone may ask.
    const path = `/books/${book}/reviews`;
    return await callHttp({ source, destination: 'reviews', address: reviews, method: 'GET', path });
  }
  if (choice < 0.15) return await callHttp({ ...target, method: 'POST', path: '/orders', body: { book } });
  return await callHttp({ ...target, method: 'GET', path: choice < 0.25 ? '/' : `/books/${book}` });
}

/** The calls that the storefront says it made. */
function callsBehind({ body }: HttpResult): readonly CallRecord[] {
  return Array.isArray(body['calls']) ? (body['calls'] as CallRecord[]) : [];
}

const underWay = new Set<Promise<void>>();
const stop = new AbortController();

async function shop(request: number): Promise<void> {
  const result = await visit();
  const time = new Date().toISOString();
  for (const call of [result.record, ...callsBehind(result)]) report({ time, request, ...call });
}

onShutdown(async () => {
  stop.abort();
  await Promise.all(underWay);
});
report({ started: { ...self, rate, snoop, limit } });
const last = limit === 0 ? Number.POSITIVE_INFINITY : limit;
for (let request = 1; request <= last && !stop.signal.aborted; request += 1) {
  while (underWay.size >= mostAtOnce) await Promise.race(underWay);
  const shopping = shop(request).finally(() => underWay.delete(shopping));
  underWay.add(shopping);
  await delay(1000 / Math.max(rate, 0.001), undefined, { signal: stop.signal }).catch(() => undefined);
}
await Promise.all(underWay);
