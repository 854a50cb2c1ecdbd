import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Standing } from '../status/standing.ts';
import { formatMessage, parseMessage, type Report, ReportError } from './report.ts';
import { NO_STANDING, patchStanding, standingPatch } from './standing-patch.ts';

const names = fc.uniqueArray(fc.constantFrom('a/1', 'a/2', 'b/1', '__proto__', 'constructor'));
const standings: fc.Arbitrary<Standing> = fc.record({
  uid: fc.constantFrom('u', 'v'),
  generation: fc.integer({ min: 1, max: 3 }),
  users: names,
  concerned: names,
  waitingFor: names,
  late: names,
  draining: fc.boolean(),
});

const sorted = (standing: Standing): Standing => ({
  ...standing,
  users: standing.users.toSorted(),
  concerned: standing.concerned.toSorted(),
  waitingFor: standing.waitingFor.toSorted(),
  late: standing.late.toSorted(),
});

test('whoever knows a standing and hears the difference knows the next one, over the wire', () => {
  fc.assert(
    fc.property(fc.array(standings, { minLength: 1, maxLength: 5 }), (history) => {
      let [told, known] = [NO_STANDING, NO_STANDING];
      for (const now of history) {
        const patch = standingPatch(told, now);
        told = now;
        if (patch === undefined) continue;
        const report = parseMessage(formatMessage({ kind: 'report', objects: [['o', patch]] })) as Report;
        known = patchStanding(known, report.objects?.[0]?.[1] ?? {});
      }
      assert.deepEqual(sorted(known), sorted(told));
    }),
  );
});

test('nothing is told of a standing that is the same', () => {
  fc.assert(fc.property(standings, (standing) => standingPatch(standing, { ...standing }) === undefined));
});

for (const line of [
  '',
  '[]',
  'null',
  '{"kind":"shout"}',
  '{"kind":"hello","format":1}',
  '{"kind":"report","proxies":[["a"]]}',
  '{"kind":"report","proxies":[[1],[]]}',
  '{"kind":"report","objects":[["o"]]}',
  '{"kind":"report","objects":[[7,null]]}',
  '{"kind":"report","objects":[["o",{"generation":"2"}]]}',
  '{"kind":"report","refusals":[{"layer":"mesh"}]}',
]) {
  test(`${line || 'an empty line'} is refused`, () => {
    assert.throws(() => parseMessage(line), ReportError);
  });
}
