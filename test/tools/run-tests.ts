import { globSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from './outcome.ts';
import { startProcess } from './process.ts';
import { scratchDirectory } from './scratch-directory.ts';
import type { TestStage } from './stages.ts';
import type { TestSummary } from './test-summary.ts';

/** No single test takes so long: it waits for what does not come. Tests that set a time of their own go by that. */
const TEST_TIMEOUT_MS = 120_000;

/** The test files of a stage whose path holds one of the words, or all when there are none; sorted, relative to the root. */
export function testFiles(stage: TestStage, words: readonly string[], root: string): readonly string[] {
  const files = stage.patterns.flatMap((pattern) =>
    globSync(pattern, { cwd: root, exclude: (path) => path.split('/').includes('node_modules') }),
  );
  return files.filter((file) => words.length === 0 || words.some((word) => file.includes(word))).toSorted();
}

/** What a test of this file replaces. */
export interface RunOptions {
  /** Receives what is printed; default: standard output. */
  readonly print?: (chunk: Buffer) => void;
  /** Settles when a run that is not over hangs; default: after the stage's minutes. */
  readonly timeLimit?: Promise<void>;
}

/** Runs test files and prints a line for each. */
export async function runTests(
  stage: TestStage,
  files: readonly string[],
  root: string,
  {
    print = (chunk) => void process.stdout.write(chunk),
    timeLimit = delay(stage.minutes * 60_000, undefined, { ref: false }),
  }: RunOptions = {},
): Promise<Outcome> {
  const scratch = await scratchDirectory('run');
  const summaryFile = join(scratch, 'summary.json');
  try {
    const running = await startProcess({
      command: process.execPath,
      args: [
        '--test',
        `--test-concurrency=${stage.concurrency}`,
        `--test-timeout=${TEST_TIMEOUT_MS}`,
        `--test-reporter=${join(import.meta.dirname, 'file-reporter.ts')}`,
        '--test-reporter-destination=stdout',
        `--test-reporter=${join(import.meta.dirname, 'summary-reporter.ts')}`,
        `--test-reporter-destination=${summaryFile}`,
        ...files,
      ],
      cwd: root,
      // It ends the processes of the files.
      deathSignal: 'SIGTERM',
      onOutput: print,
      // Set when a test runs this: node --test would run nothing within a test.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    const hangs = await Promise.race([running.exited.then(() => false), timeLimit.then(() => true)]);
    const exit = await (hangs ? running.stop() : running.exited);
    if (hangs) return { kind: 'failed', why: `ended after ${stage.minutes} minutes` };
    const tests = JSON.parse(await readFile(summaryFile, 'utf8')) as TestSummary;
    if (exit.exitCode === 0) return { kind: 'passed', tests };
    const why = tests.failed > 0 ? 'tests failed' : `node --test ended with exit code ${exit.exitCode}`;
    return { kind: 'failed', why, tests };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
