import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogFields } from './log.ts';
import { sparingly } from './sparing-log.ts';

test('what strangers cause is logged so often and no more, and then told in one number', () => {
  const logged: LogFields[] = [];
  let now = 0;
  const log = sparingly(
    (_message, fields) => void logged.push(fields),
    { monotonic: () => now },
    { lines: 2, periodMs: 100 },
  );
  for (const n of [1, 2, 3, 4]) log('refused', { n });
  assert.deepEqual(logged, [{ n: 1 }, { n: 2 }]);
  now = 99;
  log('refused', { n: 5 });
  now = 100;
  log('refused', { n: 6 });
  log('refused', { n: 7 });
  assert.deepEqual(logged.slice(2), [{ n: 6, leftOut: 3 }, { n: 7 }]);
});
