import { relative, resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/**
 * A reporter for `node --test` that prints a line for each file as it ends, and failures in full as they happen. What tests print
 * themselves comes through.
 */
// oxlint-disable-next-line import/no-default-export -- node:test takes a reporter by its module
export default async function* fileReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const running = new Map<string, string>();
  for await (const event of source) {
    if (event.type === 'test:dequeue') running.set(keyOf(event.data), locationOf(event.data));
    if (event.type === 'test:complete') running.delete(keyOf(event.data));
    if (event.type === 'test:interrupted') yield interruption(event.data.tests, [...running.values()]);
    if (event.type === 'test:fail' && isOwnFailure(event.data)) yield failure(event.data);
    if (event.type === 'test:stdout' || event.type === 'test:stderr') yield event.data.message;
    if (event.type === 'test:summary' && event.data.file !== undefined) yield fileLine(event.data);
  }
}

/** What all events about a test tell of it. */
interface TestPlace {
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

function keyOf(data: TestPlace): string {
  return `${data.file}:${data.line}:${data.name}`;
}

/** The files that ran when the run was ended, and which of their tests had not come to an end. */
function interruption(files: readonly TestPlace[], running: readonly string[]): string {
  const lines = files.map(locationOf).flatMap((file) => {
    const tests = running.filter((location) => location.startsWith(`${file}:`));
    if (tests.length > 0) return tests.map((test) => `  ✗ ${test}: has not ended`);
    return [`  ✗ ${file}: its tests have ended, but something keeps its process running`];
  });
  return `${lines.join('\n')}\n`;
}

/** Whether a test failed by itself: a suite or file around a failed test fails too, and says nothing new. */
export function isOwnFailure(data: Extract<TestEvent, { type: 'test:fail' }>['data']): boolean {
  const { error } = data.details;
  return !('failureType' in error && error.failureType === 'subtestsFailed');
}

/** `file:line name` of a test. */
export function locationOf(data: TestPlace): string {
  if (data.file === undefined) return data.name;
  const file = relative(process.cwd(), data.file);
  // The test that stands for a whole file has its path for a name.
  return resolve(data.name) === data.file ? file : `${file}:${data.line ?? 1} ${data.name}`;
}

function failure(data: Extract<TestEvent, { type: 'test:fail' }>['data']): string {
  const { error } = data.details;
  const cause = error.cause ?? error;
  const exit =
    'exitCode' in error ? `the process of this file ended with exit code ${String(error.exitCode)}` : undefined;
  const text = exit ?? (cause instanceof Error ? errorText(cause) : String(cause));
  return `\n  ✗ ${locationOf(data)}\n${text.replaceAll(/^/gm, '    ')}\n\n`;
}

/** The frames of Node.js itself tell nothing, and an assertion has said it all in its message. */
function errorText(error: Error): string {
  const isAssertion = 'code' in error && error.code === 'ERR_ASSERTION' && error.cause === undefined;
  const text = isAssertion ? (error.stack ?? error.message) : inspect(error);
  return text
    .split('\n')
    .filter((line) => !/^\s+at .*node:(internal|async_hooks)/.test(line))
    .join('\n');
}

function fileLine(data: Extract<TestEvent, { type: 'test:summary' }>['data']): string {
  const { counts } = data;
  const failed = counts.tests - counts.passed - counts.skipped - counts.todo;
  const parts = [`${counts.passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (counts.skipped + counts.todo > 0) parts.push(`${counts.skipped + counts.todo} skipped`);
  const file = relative(process.cwd(), data.file ?? '');
  return `  ${data.success ? '✓' : '✗'} ${file} (${parts.join(', ')}, ${(data.duration_ms / 1000).toFixed(1)} s)\n`;
}
