/** String maps of Kubernetes: labels, selectors. */
export type Labels = Readonly<Record<string, string>>;

/** The entries of a list that may be missing, or be no list when nobody validated the object; without holes. */
export function listOf<T>(value: readonly (T | null)[] | null | undefined): readonly T[] {
  if (!Array.isArray(value)) return [];
  const list = value as readonly (T | null | undefined)[];
  return list.filter((entry): entry is T => entry !== null && entry !== undefined);
}

/** The texts of a list. */
export function textsOf(value: readonly string[] | undefined): readonly string[] {
  return listOf(value).filter((entry) => typeof entry === 'string');
}

/** A number, or what stands for a missing one. */
export function numberOf(value: number | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A text that is not empty. */
export function textOf(value: string | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An object's own field, or nothing where the object is none. */
export function objectOf<T extends object>(value: T | null | undefined): T | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The pairs of a string map, sorted by key. */
export function pairsOf(value: Labels | null | undefined): readonly (readonly [string, string])[] {
  const pairs = Object.entries(objectOf(value) ?? {}).filter(([, text]) => typeof text === 'string');
  return pairs.sort(([a], [b]) => compareText(a, b));
}

/** Orders by UTF-16 code units, which is the same everywhere. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
