/** Some of the values, on any level. Null takes something out of what is called by any name, such as labels. */
export type Overrides<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Overrides<T[K]> | undefined | (string extends keyof T ? null : never) }
    : T;

/**
 * The values with others over them, as Helm does it: objects field by field, everything else, lists too, as a whole; null
 * takes away what is there.
 */
export function mergeValues<T>(values: T, overrides: Overrides<NoInfer<T>> | undefined): T {
  return merged(values, overrides) as T;
}

function merged(value: unknown, override: unknown): unknown {
  if (override === undefined) return value;
  if (!isPlain(value) || !isPlain(override)) return override;
  const names = new Set([...Object.keys(value), ...Object.keys(override)]);
  const kept = [...names].filter((name) => override[name] !== null);
  return Object.fromEntries(kept.map((name) => [name, merged(value[name], override[name])]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
