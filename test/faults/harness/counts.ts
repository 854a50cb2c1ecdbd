/** How many of N went wrong: "0 of 18,000 failed (< 0.017 %)". None of N leaves the 95 % upper bound 3/N; reasons follow, the most frequent first. */
export function failuresOf(counts: {
  readonly sent: number;
  readonly failed: number;
  /** How often each reason was given. */
  readonly reasons?: Readonly<Record<string, number>>;
}): string {
  const { sent, failed, reasons = {} } = counts;
  const why = Object.entries(reasons).toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const listed = why.slice(0, 5).map(([reason, count]) => `${grouped(count)} × ${reason}`);
  if (why.length > listed.length) listed.push(`${why.length - listed.length} other reasons`);
  return `${countsOf(failed, sent, 'failed')}${failed === 0 || listed.length === 0 ? '' : `: ${listed.join('; ')}`}`;
}

/** The same with another word: `countsOf(0, 100_000, 'reached it')` is "0 of 100,000 reached it (< 0.0030 %)". */
export function countsOf(count: number, of: number, what: string): string {
  const bound = count === 0 && of > 0 ? ` (< ${percentOf(3 / of)})` : '';
  return `${grouped(count)} of ${grouped(of)} ${what}${bound}`;
}

/** Two significant digits, never less than what it stands for: it is a bound. */
function percentOf(share: number): string {
  const percent = Math.min(100, share * 100);
  const digits = Math.max(0, 1 - Math.floor(Math.log10(percent)));
  const unit = 10 ** digits;
  return `${(Math.ceil(percent * unit - 1e-9) / unit).toFixed(digits)} %`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
