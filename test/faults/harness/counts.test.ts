import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf, failuresOf } from './counts.ts';

test('none of N leaves the bound 3/N, in two digits that are never less than it', () => {
  assert.equal(failuresOf({ sent: 18_000, failed: 0 }), '0 of 18,000 failed (< 0.017 %)');
  assert.equal(failuresOf({ sent: 300, failed: 0 }), '0 of 300 failed (< 1.0 %)');
  assert.equal(failuresOf({ sent: 2, failed: 0 }), '0 of 2 failed (< 100 %)');
  assert.equal(countsOf(0, 1_000_000, 'got in'), '0 of 1,000,000 got in (< 0.00030 %)');
});

test('of nothing there is no bound', () => {
  assert.equal(failuresOf({ sent: 0, failed: 0 }), '0 of 0 failed');
});

test('failures come with their reasons, the most frequent first, and not too many', () => {
  assert.equal(
    failuresOf({ sent: 100, failed: 4, reasons: { '503 no healthy upstream': 1, 'connection refused': 3 } }),
    '4 of 100 failed: 3 × connection refused; 1 × 503 no healthy upstream',
  );
  const many = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`reason ${index}`, 1]));
  assert.match(failuresOf({ sent: 7, failed: 7, reasons: many }), /; 1 × reason 4; 2 other reasons$/);
});
