/** Some of the values, on any level. */
export type Overrides<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Overrides<T[K]> | undefined }
    : T;

/** The values with others over them, as Helm does it: objects field by field, everything else, lists too, as a whole. */
export function mergeValues<T>(values: T, overrides: Overrides<NoInfer<T>> | undefined): T {
  return merged(values, overrides) as T;
}

function merged(value: unknown, override: unknown): unknown {
  if (override === undefined) return value;
  if (!isPlain(value) || !isPlain(override)) return override;
  const names = new Set([...Object.keys(value), ...Object.keys(override)]);
  return Object.fromEntries([...names].map((name) => [name, merged(value[name], override[name])]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
