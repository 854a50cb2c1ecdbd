import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DATA_PLANE_DEFAULTS } from './data-plane.ts';
import { commandLine } from './options.ts';

test('nothing said is the usual measure', () => {
  assert.deepEqual(commandLine([]), { measure: DATA_PLANE_DEFAULTS });
});

test('every size can be said', () => {
  const args = '--rates 100,200 --alternations 2 --seconds 1.5 --warm-up 0.5 --connections 8 --json out.json'.split(
    ' ',
  );
  const measure = { rates: [100, 200], alternations: 2, seconds: 1.5, warmUpSeconds: 0.5, connections: 8 };
  assert.deepEqual(commandLine(args), { measure, json: 'out.json' });
});

test('what is no size is refused by its flag', () => {
  assert.throws(() => commandLine(['--rates', '500,fast']), /--rates: fast is not a whole number/);
  assert.throws(() => commandLine(['--alternations', '0']), /--alternations: 0/);
  assert.throws(() => commandLine(['--seconds', '0']), /--seconds: 0/);
  assert.throws(() => commandLine(['--second', '1']), /--second/);
});
