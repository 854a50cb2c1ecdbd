import type { TestEvent } from 'node:test/reporters';
import { isOwnFailure, locationOf } from './file-reporter.ts';
import type { TestSummary } from './test-summary.ts';

/** A reporter for `node --test` that writes one TestSummary as JSON at the end. */
// oxlint-disable-next-line import/no-default-export -- node:test takes a reporter by its module
export default async function* summaryReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  let skipped = 0;
  const failures: string[] = [];
  for await (const event of source) {
    if (event.type === 'test:fail' && isOwnFailure(event.data)) failures.push(locationOf(event.data));
    if (event.type === 'test:summary' && event.data.file === undefined) {
      passed = event.data.counts.passed;
      skipped = event.data.counts.skipped + event.data.counts.todo;
    }
  }
  yield JSON.stringify({ passed, skipped, failed: failures.length, failures } satisfies TestSummary);
}
