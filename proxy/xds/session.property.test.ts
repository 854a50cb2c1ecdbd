import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { EncodedResource } from './resource.ts';
import {
  cluster,
  type FakeProxy,
  listener,
  resource,
  route,
  scopedRoute,
  SessionRig,
  toCluster,
} from './testing/session-rig.ts';
import type { TypeUrl } from './type-url.ts';

const LAYERS = ['mesh', 'class/a', 'class/b'];
const VIEWS = [
  ['mesh', 'class/a'],
  ['mesh', 'class/b'],
];
const NAMES = ['x', 'y', 'z'];

type Step =
  | {
      readonly kind: 'put';
      readonly layer: string;
      readonly type: TypeUrl;
      readonly name: string;
      readonly content: string;
    }
  | { readonly kind: 'remove'; readonly layer: string; readonly type: TypeUrl; readonly name: string }
  | { readonly kind: 'ask'; readonly proxy: number; readonly type: TypeUrl; readonly name: string }
  | { readonly kind: 'unask'; readonly proxy: number; readonly name: string }
  | { readonly kind: 'silence'; readonly proxy: number; readonly type: TypeUrl }
  | { readonly kind: 'answer'; readonly proxy: number }
  | { readonly kind: 'settle' }
  | { readonly kind: 'wait'; readonly milliseconds: number };

const types = fc.constantFrom(cluster, route, scopedRoute, listener);
const place = { layer: fc.constantFrom(...LAYERS), type: types, name: fc.constantFrom(...NAMES) };
const proxy = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      ...place,
      content: fc.constantFrom('1', '2', '3', 'bad', 'bad 2'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), ...place }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      proxy,
      type: fc.constantFrom(cluster, route),
      name: place.name,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unask' as const), proxy, name: place.name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('silence' as const), proxy, type: types }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), proxy }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'settle' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.constantFrom(100, 600, 2000, 6000) }),
  },
);

/** Routes and listeners lead to the cluster of their own name. */
function made(type: TypeUrl, name: string, content: string): EncodedResource {
  return resource(type, name, content, type === route || type === listener ? [toCluster(name)] : []);
}

function apply(rig: SessionRig, proxies: readonly FakeProxy[], step: Step): void {
  switch (step.kind) {
    case 'put':
      rig.cache.update([{ layer: step.layer, upsert: [made(step.type, step.name, step.content)], remove: [] }]);
      break;
    case 'remove':
      rig.cache.update([{ layer: step.layer, upsert: [], remove: [step] }]);
      break;
    case 'ask':
      proxies[step.proxy]?.request(step.type, { subscribe: [step.name] });
      break;
    case 'unask':
      proxies[step.proxy]?.unask(route, step.name);
      break;
    case 'silence':
      proxies[step.proxy]?.silent.add(step.type);
      break;
    case 'answer':
      proxies[step.proxy]?.silent.clear();
      proxies[step.proxy]?.answer();
      break;
    case 'settle':
      rig.settle();
      break;
    case 'wait':
      rig.advance(step.milliseconds);
      break;
  }
}

/** What a proxy must end up with under a name; undefined: anything that was acknowledged before, or nothing. */
function expected(rig: SessionRig, proxy: FakeProxy, type: TypeUrl, name: string): string | undefined {
  const { view } = proxy.session;
  const entry = view.wants(type, name) ? view.find(type, name) : undefined;
  const requested = proxy.session.subscriptions.get(type)?.requested.has(name) === true;
  if (entry === undefined) return requested ? `empty ${name}` : 'nothing';
  return proxy.refuses(type, name, rig.contentOf(entry.resource)) === undefined
    ? rig.contentOf(entry.resource)
    : undefined;
}

test('whatever happens in whatever order, in the end each proxy has all that it should and nothing that it refused', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const rig = new SessionRig();
      const proxies = [0, 1, 2].map((i) => rig.proxy(VIEWS[i % 2]));
      for (const proxy of proxies) {
        // The last one also refuses what all others can take.
        const cannot = (content: string) => content.startsWith('bad') || (content === '3' && proxy === proxies[2]);
        proxy.refuses = (_type, _name, content) => (cannot(content) ? 'one of them is bad' : undefined);
        proxy.start();
      }
      for (const step of steps) apply(rig, proxies, step);
      for (const proxy of proxies) proxy.silent.clear();
      for (let i = 0; i < 10; i++) rig.advance(5000);
      for (const proxy of proxies) {
        for (const type of [cluster, route, scopedRoute, listener]) {
          for (const name of NAMES) {
            const content = proxy.has(type, name) ?? 'nothing';
            const wanted = expected(rig, proxy, type, name);
            if (wanted !== undefined) assert.equal(content, wanted, `${type} ${name} of ${proxy.id}`);
            else assert.equal(proxy.refuses(type, name, content), undefined);
          }
        }
        assert.equal(
          [...proxy.session.subscriptions.values()].reduce((sum, { inFlight }) => sum + inFlight.size, 0),
          0,
        );
      }
      const said = proxies.map(({ received }) => received.length);
      rig.advance(60_000);
      assert.deepEqual(
        proxies.map(({ received }) => received.length),
        said,
        'nothing more is said',
      );
    }),
    { numRuns: 1500 },
  );
});

test('without refusals, a route never leads to a cluster that the proxy does not have although it exists', () => {
  const harmless = step.filter(
    (each) =>
      each.kind !== 'wait' &&
      !(each.kind === 'put' && each.content.startsWith('bad')) &&
      !(each.kind === 'remove' && each.type === cluster),
  );
  fc.assert(
    fc.property(fc.array(harmless, { maxLength: 60 }), (steps) => {
      const rig = new SessionRig();
      for (const name of NAMES) rig.put('mesh', made(cluster, name, '0'));
      const proxies = [0, 1, 2].map((i) => rig.proxy(VIEWS[i % 2]));
      for (const proxy of proxies) {
        proxy.start();
        proxy.tookListener = (name) => {
          assert.ok(
            proxy.has(cluster, name) !== undefined,
            `a listener of ${proxy.id} leads to cluster ${name}, which is not there`,
          );
        };
      }
      for (const step of steps) apply(rig, proxies, step);
    }),
    { numRuns: 500 },
  );
});
