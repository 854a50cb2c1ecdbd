import { jsonEqual } from '../../framework/api/json.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { LocatedFinding } from '../../validation/index.ts';
import { duplicate, type FileVersion, hasErrors } from './file-version.ts';
import { objectKey, withNamespace } from './object-key.ts';

/** What is in force: of every file the last version without an error. */
export type Accepted = ReadonlyMap<string, FileVersion>;

/** The files in force after a reading: a file with an error stays as it was, one that is gone goes. */
export function acceptFiles(accepted: Accepted, read: ReadonlyMap<string, FileVersion>): Accepted {
  const next = new Map<string, FileVersion>();
  for (const [file, version] of read) {
    const kept = hasErrors(version.findings) ? accepted.get(file) : version;
    if (kept !== undefined) next.set(file, kept);
  }
  return next;
}

/** The objects in force, by their key, and what is wrong with the files together. */
export interface FolderObjects {
  readonly objects: ReadonlyMap<string, KubernetesObject>;
  readonly findings: readonly LocatedFinding[];
}

/**
 * The objects of the files in force, with the namespaces that they name and no file makes. Where two files say the same
 * object, the first by name has it.
 */
export function folderObjects(accepted: Accepted): FolderObjects {
  const objects = new Map<string, KubernetesObject>();
  const places = new Map<string, string>();
  const findings: LocatedFinding[] = [];
  for (const [file, version] of [...accepted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const manifest of version.objects) {
      const object = withNamespace(manifest.object);
      const key = objectKey(object);
      const first = places.get(key);
      if (first !== undefined) findings.push(duplicate({ ...manifest, object }, file, first));
      else {
        places.set(key, `${file}:${manifest.line}`);
        objects.set(key, object);
      }
    }
  }
  for (const namespace of [...objects.values()].flatMap(({ metadata }) => metadata.namespace ?? [])) {
    const implied: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    if (!objects.has(objectKey(implied))) objects.set(objectKey(implied), implied);
  }
  return { objects, findings };
}

/** What to write and what to delete. */
export interface FolderDiff {
  readonly apply: readonly KubernetesObject[];
  readonly remove: readonly KubernetesObject[];
}

type Objects = ReadonlyMap<string, KubernetesObject>;

/** What leads from one set of objects to another. Namespaces are applied first and removed last. */
export function diffFolder(before: Objects, after: Objects): FolderDiff {
  const changed = [...after].filter(([key, object]) => !jsonEqual(before.get(key), object));
  const gone = [...before].filter(([key]) => !after.has(key));
  return {
    apply: changed.map(([, object]) => object).sort(byRank),
    remove: gone.map(([, object]) => object).sort((a, b) => byRank(b, a)),
  };
}

/** What others refer to comes first, so that nothing starts before it. */
const RANKS: ReadonlyMap<string, number> = new Map([
  ['Namespace', 0],
  ['CustomResourceDefinition', 1],
  ['ServiceAccount', 2],
  ['ConfigMap', 2],
  ['Secret', 2],
  ['Service', 3],
  ['MeshPolicy', 4],
  ['TrafficSplit', 4],
  ['AuthorizationPolicy', 4],
]);

function byRank(a: KubernetesObject, b: KubernetesObject): number {
  const difference = rankOf(a) - rankOf(b);
  if (difference !== 0) return difference;
  return objectKey(a) < objectKey(b) ? -1 : 1;
}

function rankOf(object: KubernetesObject): number {
  return RANKS.get(object.kind) ?? 5;
}
