import { jsonEqual } from '../../framework/api/json.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { ManifestObject } from './manifest.ts';
import { objectKey, objectName, withNamespace } from './object-key.ts';
import { hasErrors, type Problem } from './problem.ts';

/** A file as it was read. */
export interface FileVersion {
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly Problem[];
}

/** What is in force: of every file the last version without an error. */
export type Accepted = ReadonlyMap<string, FileVersion>;

/** The files in force after a reading: a file with an error stays as it was, one that is gone goes. */
export function acceptFiles(accepted: Accepted, read: ReadonlyMap<string, FileVersion>): Accepted {
  const next = new Map<string, FileVersion>();
  for (const [file, version] of read) {
    const kept = hasErrors(version.problems) ? accepted.get(file) : version;
    if (kept !== undefined) next.set(file, kept);
  }
  return next;
}

/** The objects in force, by their key, and those that two files claim. */
export interface FolderObjects {
  readonly objects: ReadonlyMap<string, KubernetesObject>;
  readonly problems: readonly Problem[];
}

/** The objects of the files in force. Where two say the same object, the first file by name has it. */
export function folderObjects(accepted: Accepted): FolderObjects {
  const objects = new Map<string, KubernetesObject>();
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [file, version] of [...accepted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const { object: written, line, column } of version.objects) {
      const object = withNamespace(written);
      const key = objectKey(object);
      const owner = owners.get(key);
      if (owner === undefined) {
        owners.set(key, `${file}:${line}`);
        objects.set(key, object);
      } else {
        const message = `${objectName(object)} is in ${owner} already; this one is left out`;
        problems.push({ file, line, column, level: 'warning', code: DUPLICATE_CODE, message });
      }
    }
  }
  return { objects, problems };
}

/** The code of what {@link folderObjects} finds. */
export const DUPLICATE_CODE = 'duplicate';

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
