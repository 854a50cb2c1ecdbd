/** Orders texts by UTF-16 code units: the same on every machine, unlike a locale's order. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A sorted copy. */
export function sortBy<T>(items: Iterable<T>, key: (item: T) => string): readonly T[] {
  return [...items]
    .map((item): [string, T] => [key(item), item])
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([, item]) => item);
}

/** Sorted, without repetition. */
export function uniqueTexts(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort(compareTexts);
}

/**
 * A sorted copy of plain data whose order means nothing; compares the items' JSON. Lists inside the items have to be in order
 * already, so that what is made of a model is sorted, not the model.
 */
export function sortPlain<T>(items: Iterable<T>): readonly T[] {
  return sortBy(items, canonicalJson);
}

/** JSON with the keys of objects in order, so that equal data gives equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => compareTexts(a, b)))
      : inner,
  );
}
