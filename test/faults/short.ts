/**
 * The short form of every fault and attack that has one, as tests: the stage `faults` of `npm test`. The others, and the planted bugs, are in
 * `npm run test:faults`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE } from './catalogue.ts';
import { linesOf } from './harness/results.ts';
import { runFault } from './harness/run-fault.ts';

for (const fault of CATALOGUE.filter(({ isShort }) => isShort)) {
  test(`${fault.id} ${fault.title}: ${fault.expected}`, { timeout: 240_000 }, async () => {
    const said: string[] = [];
    const result = await runFault(fault, 'short', (line) => void said.push(`    ${line}`));
    assert.ok(result.passed, ['', ...said, ...linesOf(result)].join('\n'));
  });
}
