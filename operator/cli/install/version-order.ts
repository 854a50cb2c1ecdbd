/** Below 0 when the version `a` is older than `b`. A pre-release is older than its release; what is no version is the oldest. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (left.numbers[index] ?? -1) - (right.numbers[index] ?? -1);
    if (difference !== 0) return difference;
  }
  if (left.rest === right.rest) return 0;
  if (left.rest === '') return 1;
  if (right.rest === '') return -1;
  return left.rest < right.rest ? -1 : 1;
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly rest: string } {
  const [, major, minor, patch, rest = ''] = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(-[^+]*)?/.exec(version) ?? [];
  return { numbers: major === undefined ? [] : [major, minor, patch ?? '0'].map(Number), rest };
}
