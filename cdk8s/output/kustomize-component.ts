import { stringify } from 'yaml';
import { type Manifest, manifestYaml, sorted } from './manifest.ts';

interface Operation {
  readonly op: 'replace' | 'add';
  readonly path: string;
  readonly value: unknown;
}

/**
 * The files of a kustomize component that makes one set of objects of another: it has those that are new, and patches those that are
 * different. Throws where one would have to go. A base without some of the objects takes it too.
 */
export function kustomizeComponent(
  before: readonly Manifest[],
  after: readonly Manifest[],
): ReadonlyMap<string, string> {
  const known = new Map(before.map((manifest) => [idOf(manifest), manifest]));
  const added = after.filter((manifest) => !known.has(idOf(manifest)));
  if (before.length + added.length !== after.length) throw new Error('a component takes no object away');
  const patches = after.flatMap((manifest) => {
    const operations = differences(sorted(known.get(idOf(manifest)) ?? manifest), sorted(manifest), '');
    const { kind, metadata } = manifest;
    return operations.length === 0 ? [] : [{ target: { kind, name: metadata.name }, patch: textOf(operations) }];
  });
  const component = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    resources: ['objects.yaml'],
    patches,
  };
  return new Map([
    ['kustomization.yaml', stringify(component, { lineWidth: 0 })],
    ['objects.yaml', manifestYaml(added)],
  ]);
}

/**
 * What makes one value of the other, as JSON Patch: lists of one length item by item, one that goes on by what is added to its end (to that of
 * a base with another list, too), others as a whole.
 */
function differences(before: unknown, after: unknown, path: string): readonly Operation[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && after.length > before.length) {
    const goesOn = JSON.stringify(after.slice(0, before.length)) === JSON.stringify(before);
    if (goesOn) return after.slice(before.length).map((value: unknown) => ({ op: 'add', path: `${path}/-`, value }));
  }
  const [some, other] = [entriesOf(before), entriesOf(after)];
  const isAlike = String(some?.map(([name]) => name)) === String(other?.map(([name]) => name));
  if (some === undefined || other === undefined || !isAlike || Array.isArray(before) !== Array.isArray(after))
    return [{ op: 'replace', path, value: after }];
  return some.flatMap(([name, value], index) =>
    differences(value, other[index]?.[1], `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  return typeof value === 'object' && value !== null ? Object.entries(value) : undefined;
}

function textOf(operations: readonly Operation[]): string {
  return stringify(operations, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
}

function idOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}
