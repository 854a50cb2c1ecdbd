/** The object that a part of the configuration comes from; every decision carries the ones that caused it. */
export interface SourceRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A stable key of a source: `Kind/namespace/name`. */
export function sourceKey(ref: SourceRef): string {
  return `${ref.kind}/${ref.namespace}/${ref.name}`;
}

/** The inverse of {@link sourceKey}. */
export function parseSourceKey(key: string): SourceRef {
  const [kind = '', namespace = '', ...name] = key.split('/');
  return { kind, namespace, name: name.join('/') };
}

/** Sorted, without repetition. */
export function uniqueSources(refs: Iterable<SourceRef>): readonly SourceRef[] {
  const byKey = new Map<string, SourceRef>();
  for (const ref of refs) byKey.set(sourceKey(ref), ref);
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}
