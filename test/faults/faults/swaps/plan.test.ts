import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from '../../../integration/validation/schema-samples.ts';
import { EMPTY_SHOP, nextSwap, type Shop, type Swap } from './plan.ts';

function plan(seed: number, count: number): readonly { readonly swap: Swap; readonly shop: Shop }[] {
  const chance = new Chance(seed);
  const steps: { swap: Swap; shop: Shop }[] = [];
  for (let index = 0; index < count; index += 1) steps.push(nextSwap(steps.at(-1)?.shop ?? EMPTY_SHOP, chance));
  return steps;
}

test('a split only sends to Services that have been there for a while, and at least one backend has a weight', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const present = new Map<string, number>();
    let backends: readonly { readonly service?: string; readonly weight: number }[] = [];
    for (const [index, { swap }] of plan(seed, 200).entries()) {
      for (const write of swap.writes) {
        if (write.kind === 'delete service') present.delete(write.service.name);
        if (write.kind === 'delete') backends = [];
        if (write.kind === 'service' && !present.has(write.service.name)) present.set(write.service.name, index);
        if (write.kind === 'apply' && write.object.kind === 'TrafficSplit') {
          backends = (write.object as unknown as { readonly spec: { readonly backends: typeof backends } }).spec
            .backends;
          assert.ok(
            backends.some(({ weight }) => weight > 0),
            swap.title,
          );
          for (const { service } of backends)
            if (service !== undefined) assert.ok(index - (present.get(service) ?? Infinity) >= 3, swap.title);
        }
        for (const { service } of backends) assert.ok(service === undefined || present.has(service), swap.title);
      }
    }
  }
});

test('the same seed is the same plan, in which all kinds of swaps occur', () => {
  const titles = (seed: number) => plan(seed, 200).map(({ swap }) => swap.title);
  assert.deepEqual(titles(1), titles(1));
  assert.notDeepEqual(titles(1), titles(2));
  for (const kind of [/^split to/, /^no split/, /^create/, /^reselect/, /^delete/, /, and delete/, /^policy of root/])
    assert.ok(
      titles(1).some((title) => kind.test(title)),
      String(kind),
    );
});
