import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Figure, isMet, type Measured, together } from './figure.ts';
import { formatMeasured, formatNumber, markdownTable, plainTable, tableRows } from './table.ts';

const ms = (value: number, more: Partial<Measured> = {}): Measured => ({ value, unit: 'ms', ...more });

test('a goal that is a fraction is met at the fraction', () => {
  const figure = (ours: number): Figure => ({
    name: 'x',
    ours: ms(ours),
    istiod: ms(100),
    goal: { kind: 'fraction', divisor: 4 },
  });
  assert.equal(isMet(figure(25)), true);
  assert.equal(isMet(figure(25.1)), false);
  assert.equal(isMet({ ...figure(1), istiod: undefined }), undefined);
});

test('a limit is met at the limit, and not by what was not waited for or not measured', () => {
  const goal = { kind: 'limit', most: 0.2 } as const;
  assert.equal(isMet({ name: 'x', ours: ms(0.2), goal }), true);
  assert.equal(isMet({ name: 'x', ours: ms(0.21), goal }), false);
  assert.equal(isMet({ name: 'x', ours: ms(0.1, { orMore: true }), goal }), false);
  assert.equal(isMet({ name: 'x', ours: undefined, goal }), false);
  assert.equal(isMet({ name: 'x', ours: ms(1) }), undefined);
});

test('several runs are their median, with the range', () => {
  assert.deepEqual(together([3, 1], 'ms'), { value: 2, unit: 'ms', range: [1, 3] });
  assert.deepEqual(together([5, 1, 3], 'ms')?.value, 3);
  assert.deepEqual(
    together([6000], 'ms', (value) => value >= 6000),
    { value: 6000, unit: 'ms', orMore: true },
  );
  assert.equal(together([], 'ms'), undefined);
});

test('numbers have three digits that count, and thousands apart', () => {
  assert.deepEqual([0, 0.12345, 1.2345, 12.345, 123.45, 1234.5, 1_234_567].map(formatNumber), [
    '0',
    '0.123',
    '1.23',
    '12.3',
    '123',
    '1,235',
    '1,234,567',
  ]);
  assert.equal(
    formatMeasured({ value: 6000, unit: 'ms', orMore: true, range: [5000, 6000] }),
    '≥ 6,000 ms (5,000 to 6,000)',
  );
  assert.equal(formatMeasured({ value: 0.126, unit: 'exponent' }), '0.13');
});

test('the table has the ratio, the goal and whether it is met, and no column for nothing', () => {
  const figures: readonly Figure[] = [
    { name: 'fast', ours: ms(10), istiod: ms(130), goal: { kind: 'fraction', divisor: 4 } },
    { name: 'slow', ours: ms(100), istiod: ms(130), goal: { kind: 'fraction', divisor: 4 } },
  ];
  const rows = tableRows(figures);
  assert.deepEqual(rows, [
    ['', 'dot-kube', 'istiod', 'istiod ÷ ours', 'goal', 'met'],
    ['fast', '10.0 ms', '130 ms', '13.0', '≥ 4', 'yes'],
    ['slow', '100 ms', '130 ms', '1.30', '≥ 4', '**no**'],
  ]);
  assert.equal(markdownTable(rows).split('\n')[1], '|---|---|---|---|---|---|');
  assert.equal(plainTable(rows).split('\n')[1], 'fast  10.0 ms   130 ms  13.0           ≥ 4   yes');
});
