import { isJsonObject } from '../api/json.ts';
import { type FieldSchema, schemaOfField } from './field-schema.ts';
import { isLeaf, type Part, partsOf } from './fields-of.ts';

/** The live value with an applied one laid over it: maps and keyed lists merge, everything else is replaced. */
export function merge(live: unknown, applied: unknown, schema: FieldSchema | undefined): unknown {
  if (live === undefined) return applied;
  if (applied === undefined) return live;
  if (Array.isArray(live) && Array.isArray(applied)) {
    if (schema?.['x-kubernetes-list-type'] === undefined || isLeaf(applied, schema)) return applied;
    return mergeLists(partsOf(live, schema), partsOf(applied, schema));
  }
  if (!isJsonObject(live) || !isJsonObject(applied) || schema?.['x-kubernetes-map-type'] === 'atomic') return applied;
  const merged = new Map<string, unknown>(Object.entries(live));
  for (const [name, value] of Object.entries(applied)) {
    merged.set(name, merge(merged.get(name), value, schemaOfField(schema, name).schema));
  }
  return Object.fromEntries(merged);
}

/** Merges keyed lists in the applied order, with what only the live list has kept in its place (structured-merge-diff's walk). */
function mergeLists(live: readonly Part[], applied: readonly Part[]): unknown[] {
  const inLive = new Map(live.map((part) => [part.element, part]));
  const inApplied = new Set(applied.map((part) => part.element));
  const shared = applied.map((part) => part.element).filter((element) => inLive.has(element));
  const done = new Set<string>();
  const out: unknown[] = [];
  let nextShared = 0;
  const take = (part: Part): void => {
    done.add(part.element);
    if (shared[nextShared] === part.element) nextShared++;
    out.push(merge(inLive.get(part.element)?.value, part.value, part.schema));
  };
  let l = 0;
  let r = 0;
  while (l < live.length || r < applied.length) {
    const left = live[l];
    const right = applied[r];
    if (left !== undefined && right !== undefined) {
      if (left.element === right.element) {
        take(right);
        l++;
        r++;
        continue;
      }
      if (inApplied.has(left.element) && shared[nextShared] !== undefined && shared[nextShared] !== left.element) {
        l++;
        continue;
      }
    }
    if (left !== undefined && !inApplied.has(left.element)) {
      out.push(left.value);
      l++;
      continue;
    }
    if (left !== undefined && done.has(left.element)) l++;
    if (right !== undefined) {
      take(right);
      r++;
    }
  }
  return out;
}
