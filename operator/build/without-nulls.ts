/**
 * The same JSON without fields and entries that are null, as the API server stores it: for it a null is a field that is not
 * there. What has none is returned as it is.
 */
export function withoutNulls<T>(value: T): T {
  return prune(value) as T;
}

function prune(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const kept = value.map(prune).filter((entry) => entry !== null);
    return kept.length === value.length && kept.every((entry, index) => entry === value[index]) ? value : kept;
  }
  const entries = Object.entries(value);
  const kept = entries.map(([key, entry]) => [key, prune(entry)] as const).filter(([, entry]) => entry !== null);
  const isWhole = kept.length === entries.length && kept.every(([, entry], index) => entry === entries[index]?.[1]);
  return isWhole ? value : Object.fromEntries(kept);
}
