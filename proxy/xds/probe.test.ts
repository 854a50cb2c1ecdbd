import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Probe, type Suspect } from './probe.ts';

const suspects = (count: number): Suspect[] =>
  Array.from({ length: count }, (_, i) => ({ name: `n${i}.`, version: 'v' }));

/** Plays a proxy that cannot take some names; answers whom the probe finds, how many it let pass and in how many rounds. */
function play(probe: Probe, bad: ReadonlySet<string>, error: (names: readonly string[]) => string) {
  const found: string[] = [];
  const passed: string[] = [];
  let rounds = 0;
  for (let group = probe.next(() => true); group !== undefined; group = probe.next(() => true)) {
    rounds++;
    const refused = group.filter(({ name }) => bad.has(name)).map(({ name }) => name);
    if (refused.length === 0) {
      passed.push(...group.map(({ name }) => name));
      probe.passed();
    } else {
      const culprit = probe.failed(error(refused));
      if (culprit !== undefined) found.push(culprit.name);
    }
  }
  return { found, passed, rounds };
}

test('finds exactly the culprits, whatever they are, and lets all others pass', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(59)), fc.boolean(), (count, picks, named) => {
      const all = suspects(count);
      const bad = new Set(picks.filter((i) => i < count).map((i) => `n${i}.`));
      const probe = new Probe();
      probe.add(all, '');
      const { found, passed } = play(probe, bad, (names) => (named ? names.join() : 'one of them'));
      assert.deepEqual(found.toSorted(), [...bad].toSorted());
      assert.deepEqual(
        passed.toSorted(),
        all
          .map(({ name }) => name)
          .filter((name) => !bad.has(name))
          .toSorted(),
      );
      assert.ok(probe.done);
    }),
  );
});

test('needs at most two rounds for each halving to find one culprit', () => {
  for (const culprit of ['n0.', 'n511.', 'n1023.']) {
    const probe = new Probe();
    probe.add(suspects(1024), 'one of them');
    const { found, rounds } = play(probe, new Set([culprit]), () => 'one of them');
    assert.deepEqual(found, [culprit]);
    assert.ok(rounds <= 21, `${rounds} rounds`);
  }
});

test('needs two rounds when the proxy names the culprit', () => {
  const probe = new Probe();
  probe.add(suspects(1024), 'n511. is bad');
  assert.equal(play(probe, new Set(['n511.']), (names) => names.join()).rounds, 2);
});

test('leaves out what is no longer current', () => {
  const probe = new Probe();
  probe.add(suspects(4), '');
  const seen: string[] = [];
  for (;;) {
    const group = probe.next(({ name }) => name !== 'n1.');
    if (group === undefined) break;
    seen.push(...group.map(({ name }) => name));
    probe.passed();
  }
  assert.deepEqual(seen, ['n0.', 'n2.', 'n3.']);
});
