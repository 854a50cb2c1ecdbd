import { fieldOf, isJsonObject, jsonEqual, type JsonObject } from '../api/json.ts';

/** One step of a JSON patch (RFC 6902), of the kinds that {@link jsonPatch} makes. */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** A JSON patch: its steps follow each other. */
export type JsonPatch = readonly JsonPatchOperation[];

/**
 * The patch that makes one JSON value of another, with what is the same left alone: fields of objects, and the items of lists, of
 * which those with the same `name` are taken for the same.
 */
export function jsonPatch(from: unknown, to: unknown, path = ''): JsonPatch {
  if (jsonEqual(from, to)) return [];
  if (isJsonObject(from) && isJsonObject(to)) return objectPatch(from, to, path);
  if (Array.isArray(from) && Array.isArray(to)) return listPatch(from, to, path);
  return [{ op: 'replace', path, value: to }];
}

function objectPatch(from: JsonObject, to: JsonObject, path: string): JsonPatch {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return keys.flatMap((key): JsonPatch => {
    const [before, after] = [fieldOf(from, key), fieldOf(to, key)];
    const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (after === undefined) return before === undefined ? [] : [{ op: 'remove', path: at }];
    return before === undefined ? [{ op: 'add', path: at, value: after }] : jsonPatch(before, after, at);
  });
}

function listPatch(from: readonly unknown[], to: readonly unknown[], path: string): JsonPatch {
  const patch: JsonPatchOperation[] = [];
  const kept = commonItems(from, to);
  let [at, index] = [0, 0];
  const insertUntil = (end: number): void => {
    for (; index < end; index += 1, at += 1) patch.push({ op: 'add', path: `${path}/${at}`, value: to[index] });
  };
  for (const [position, item] of from.entries()) {
    const target = kept.get(position);
    if (target === undefined) {
      patch.push({ op: 'remove', path: `${path}/${at}` });
      continue;
    }
    insertUntil(target);
    patch.push(...jsonPatch(item, to[target], `${path}/${at}`));
    at += 1;
    index += 1;
  }
  insertUntil(to.length);
  return patch;
}

/** The longest common subsequence: the index in `to` of each item of `from` that stays. */
function commonItems(from: readonly unknown[], to: readonly unknown[]): ReadonlyMap<number, number> {
  const width = to.length + 1;
  // The length of the longest one of from[i…] and to[j…] is at i * width + j.
  const lengths = new Uint32Array((from.length + 1) * width);
  const length = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      const both = isSameItem(from[i], to[j]) ? length(i + 1, j + 1) + 1 : 0;
      lengths[i * width + j] = Math.max(both, length(i + 1, j), length(i, j + 1));
    }
  }
  const kept = new Map<number, number>();
  for (let [i, j] = [0, 0]; i < from.length && j < to.length; ) {
    if (isSameItem(from[i], to[j]) && length(i, j) === length(i + 1, j + 1) + 1) kept.set(i++, j++);
    else if (length(i + 1, j) >= length(i, j + 1)) i += 1;
    else j += 1;
  }
  return kept;
}

function isSameItem(a: unknown, b: unknown): boolean {
  const name = fieldOf(a, 'name');
  return typeof name === 'string' ? name === fieldOf(b, 'name') : jsonEqual(a, b);
}
