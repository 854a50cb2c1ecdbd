import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProxySync } from '../../controllers/proxies/proxy-sync.ts';
import { notesOn } from './notes.ts';
import { chosenProxies, inSync, proxyStatusText } from './proxy-status-report.ts';

const proxy = (name: string, state: 'SYNCED' | 'NACK' = 'SYNCED'): ProxySync => ({
  proxy: name,
  connected: true,
  types: [{ type: 'RDS', state, resources: 1, ...(state === 'NACK' && { error: 'r: no such cluster' }) }],
});
const gone: ProxySync = { proxy: 'shop/gone', connected: false, types: [] };

test('all proxies are told of, those of a namespace, or one', () => {
  const all = [proxy('bank/web'), proxy('shop/api'), proxy('shop/web')];
  const names = (filter: object) => chosenProxies(all, filter).map(({ proxy: name }) => name);
  assert.deepEqual(names({}), ['bank/web', 'shop/api', 'shop/web']);
  assert.deepEqual(names({ namespace: 'shop' }), ['shop/api', 'shop/web']);
  assert.deepEqual(names({ namespace: 'shop', pod: 'web' }), ['shop/web']);
});

test('in sync is only what is connected, acknowledged and known', () => {
  assert.ok(inSync({ proxies: [proxy('shop/web')], notes: [] }));
  assert.ok(!inSync({ proxies: [proxy('shop/web', 'NACK')], notes: [] }));
  assert.ok(!inSync({ proxies: [gone], notes: [] }));
  assert.ok(!inSync({ proxies: [], notes: ['a replica has not answered'] }));
});

test("refusals are told of in Envoy's words, and what is not known with why", () => {
  const notes = notesOn({ answered: ['a'], silent: [{ pod: 'b', why: 'you may not' }] });
  const text = proxyStatusText({ proxies: [proxy('shop/web', 'NACK'), gone], notes }, 'none');
  assert.match(text, /shop\/gone +not connected/);
  assert.match(text, /shop\/web refuses RDS r: no such cluster\nb has not answered, .*: you may not\n$/);
  assert.match(notesOn({ answered: [], silent: [] }).join(), /no replica of the operator runs/);
});
