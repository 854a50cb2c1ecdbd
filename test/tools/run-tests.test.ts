import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runTests, testFiles } from './run-tests.ts';
import type { TestStage } from './stages.ts';

const root = mkdtempSync(join(tmpdir(), 'run-tests-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

const STAGE: TestStage = {
  kind: 'tests',
  name: 'unit',
  patterns: ['src/**/*.test.ts'],
  concurrency: 1,
  needsTools: false,
  minutes: 1,
};

function file(path: string, body: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(
    join(root, path),
    `import assert from 'node:assert';\nimport { suite, test } from 'node:test';\n${body}\n`,
  );
  return path;
}

/** Runs files and returns what was printed, too. */
async function run(files: readonly string[], stage = STAGE, timeLimit?: Promise<void>) {
  const printed: string[] = [];
  const print = (chunk: Buffer) => void printed.push(chunk.toString());
  const outcome = await runTests(stage, files, root, { print, ...(timeLimit === undefined ? {} : { timeLimit }) });
  return { outcome, printed: printed.join('') };
}

test('files are those of the patterns, chosen by words, without those of dependencies', () => {
  file('src/b/queue.test.ts', '');
  file('src/a.test.ts', '');
  file('src/node_modules/c.test.ts', '');
  file('src/d.ts', '');
  assert.deepEqual(testFiles(STAGE, [], root), ['src/a.test.ts', 'src/b/queue.test.ts']);
  assert.deepEqual(testFiles(STAGE, ['queue', 'nothing'], root), ['src/b/queue.test.ts']);
  assert.deepEqual(testFiles(STAGE, ['nothing'], root), []);
});

test('tests are counted, and each file gets a line', async () => {
  const path = file(
    'good.test.ts',
    "test('a', () => {}); suite('s', () => { test('b', () => {}); test('c', { skip: true }, () => {}); });",
  );
  const { outcome, printed } = await run([path]);
  assert.deepEqual(outcome, { kind: 'passed', tests: { passed: 2, failed: 0, skipped: 1, failures: [] } });
  assert.match(printed, /✓ .*good\.test\.ts \(2 passed, 1 skipped, [0-9.]+ s\)\n$/);
});

test('a failed test is named once, with its line and its error, and not again for the suite around it', async () => {
  const path = file('bad.test.ts', "suite('s', () => {\n test('b', () => assert.equal(1, 2));\n});");
  const { outcome, printed } = await run([path]);
  assert.equal(outcome.kind, 'failed');
  assert.deepEqual('tests' in outcome && outcome.tests.failed, 1);
  assert.match('tests' in outcome ? (outcome.tests.failures[0] ?? '') : '', /bad\.test\.ts:4 b$/);
  assert.match(printed, /✗ .*bad\.test\.ts:4 b\n {4}AssertionError.*1 == 2\n {8}at TestContext/s);
});

test('a file that cannot be loaded fails with what was said', async () => {
  const path = file('broken.test.ts', "import './nowhere.ts';");
  const { outcome, printed } = await run([path]);
  assert.deepEqual('tests' in outcome && outcome.tests.failed, 1);
  assert.match(printed, /Cannot find module .*nowhere\.ts/);
  assert.match(printed, /broken\.test\.ts\n {4}the process of this file ended with exit code 1/);
});

test('a stage that hangs is ended, fails, and names what did not end', async () => {
  const endless = 'setInterval(() => {}, 1000)';
  const ready = (name: string) => `writeFileSync(import.meta.dirname + '/${name}', '')`;
  const hangs = file(
    'hangs.test.ts',
    `import { writeFileSync } from 'node:fs';
     test('a', () => {});
     test('for ever', () => new Promise(() => { ${endless}; ${ready('1.ready')}; }));`,
  );
  const leaks = file(
    'leaks.test.ts',
    `import { writeFileSync } from 'node:fs';
     test('b', () => { ${endless}; setImmediate(() => ${ready('2.ready')}); });`,
  );
  const untilReady = async () => {
    while (!(existsSync(join(root, '1.ready')) && existsSync(join(root, '2.ready')))) await delay(20);
    // Until the runner has read what it was told.
    await delay(1_000);
  };
  const { outcome, printed } = await run([hangs, leaks], { ...STAGE, concurrency: 2 }, untilReady());
  assert.deepEqual(outcome, { kind: 'failed', why: 'ended after 1 minutes' });
  assert.match(printed, /✗ .*hangs\.test\.ts:5 for ever: has not ended\n/);
  assert.match(printed, /✗ .*leaks\.test\.ts: its tests have ended, but something keeps its process running\n/);
  assert.doesNotMatch(printed, / a: has not ended/);
});
