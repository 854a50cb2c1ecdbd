/** A type that several places of the schemas share, because they mean the same. */
export interface SharedType {
  readonly name: string;
  /** Whether the schema at this path is of the type. */
  readonly at: RegExp;
}

/** The types that are declared once for all kinds. The generator refuses schemas that are equal by path but not by content. */
export const SHARED_TYPES: readonly SharedType[] = [
  { name: 'TargetReference', at: /^spec\.targetRefs\[\]$/ },
  { name: 'PodSelector', at: /^spec\.selector$/ },
  { name: 'HeaderMatch', at: /\.(?:headers|notHeaders)\[\]$/ },
  { name: 'ProxyCounts', at: /^status\.proxies$/ },
  { name: 'MeshStatus', at: /^status$/ },
];

/** The type that the framework declares already, by path. */
export const FRAMEWORK_TYPES: ReadonlyMap<string, string> = new Map([['status.conditions[]', 'Condition']]);

/** The name of the type at a path below the root of a type: `MeshPolicyMtlsPort` for `.mtls.ports[]` of MeshPolicy. */
export function typeNameAt(root: string, path: string): string {
  const words = path.split('.').map((step) => capitalized(step.endsWith('[]') ? singular(step.slice(0, -2)) : step));
  return root + words.join('');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function singular(word: string): string {
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
