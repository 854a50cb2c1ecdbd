const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);

/** Milliseconds of a duration like `1m30s`, `250ms` or `0s`; `undefined` when it is absent or is none. */
export function durationMs(text: string | undefined): number | undefined {
  if (typeof text !== 'string' || !/^(?:\d+(?:h|ms|m|s))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d{1,9})(h|ms|m|s)/g))
    sum += Number(count) * (UNITS.get(unit ?? '') ?? 0);
  return sum;
}
