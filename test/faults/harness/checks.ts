import type { Check } from '../fault.ts';
import { failuresOf } from './counts.ts';
import { type LoadResult } from './load-results.ts';

/** None of these requests failed, and there were some. */
export function noneFailed(name: string, result: LoadResult): Check {
  return { name, expected: '0 failed', measured: failuresOf(result), passed: result.failed === 0 && result.sent > 0 };
}

/** A load kept its rate: one that falls behind shows less than it says. */
export function keptItsRate(result: LoadResult, rate: number): Check {
  const [first, last] = [result.requests.at(0)?.at ?? 0, result.requests.at(-1)?.at ?? 0];
  const measured = (result.sent - 1) / Math.max(0.001, (last - first) / 1000);
  return {
    name: 'rate of the load',
    expected: `${rate} requests/s`,
    measured: `${measured.toFixed(0)} requests/s, p50 ${result.latency.p50.toFixed(1)} ms, p99 ${result.latency.p99.toFixed(0)} ms`,
    passed: measured > 0.97 * rate,
  };
}

/** A number that must not be exceeded, in milliseconds. */
export function within(name: string, limit: number, measured: number): Check {
  return {
    name,
    expected: `within ${limit} ms`,
    measured: `${measured.toFixed(0)} ms`,
    passed: measured <= limit,
  };
}

/** Something of which there must be none: `found` says what there was. */
export function nothing(name: string, found: readonly string[], expected = 'none'): Check {
  const listed = found.slice(0, 5).join('; ');
  const more = found.length > 5 ? `; and ${found.length - 5} more` : '';
  return { name, expected, measured: found.length === 0 ? expected : `${listed}${more}`, passed: found.length === 0 };
}
