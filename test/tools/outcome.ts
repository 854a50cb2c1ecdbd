import { formatElapsed } from '../../operator/local/tools/progress.ts';
import type { TestSummary } from './test-summary.ts';

/** How a stage ended. */
export type Outcome =
  | { readonly kind: 'passed'; readonly tests?: TestSummary }
  | { readonly kind: 'failed'; readonly why: string; readonly tests?: TestSummary }
  | { readonly kind: 'skipped'; readonly why: string };

/** A stage that ended. */
export interface StageResult {
  readonly stage: string;
  readonly outcome: Outcome;
  readonly milliseconds: number;
}

/** What is printed at the end: the failed tests, a line for each stage, the totals. */
export function reportOf(results: readonly StageResult[], milliseconds: number): string {
  const summaries = results.flatMap(({ outcome }) => ('tests' in outcome ? [outcome.tests] : []));
  const failures = summaries.flatMap(({ failures: names }) => names.map((name) => `  ✗ ${name}`));
  const count = (key: 'passed' | 'failed' | 'skipped') => summaries.reduce((sum, summary) => sum + summary[key], 0);
  const failedStages = results.filter(({ outcome }) => outcome.kind === 'failed').map(({ stage }) => stage);
  return [
    '',
    ...(failures.length === 0 ? [] : ['Failed tests:', ...failures, '']),
    ...results.map(lineOf),
    '',
    `Tests: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`,
    `Stages: ${failedStages.length === 0 ? 'all passed' : `${failedStages.join(', ')} failed`} in ${formatElapsed(milliseconds)}`,
    '',
  ].join('\n');
}

function lineOf({ stage, outcome, milliseconds }: StageResult): string {
  const mark = { passed: '✓', failed: '✗', skipped: '-' }[outcome.kind];
  const parts: string[] = [];
  if (outcome.kind !== 'passed') parts.push(outcome.why);
  if ('tests' in outcome) {
    const { passed, failed, skipped } = outcome.tests;
    parts.push(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
  return `${mark} ${stage.padEnd(12)} ${formatElapsed(milliseconds).padStart(12)}  ${parts.join('; ')}`.trimEnd();
}
