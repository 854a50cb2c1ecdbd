import {
  type Document,
  isAlias,
  isMap,
  isSeq,
  type Pair,
  type ParsedNode,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { JsonPatch, JsonPatchOperation } from '../../framework/webhook/index.ts';
import { isMerge, keyOf } from '../../validation/yaml/to-json.ts';
import { expanded, yamlNode } from './yaml-nodes.ts';

/** Makes the changes of a patch, which `base` comes before, in a document; all else of it stays as it is written. */
export function editDocument(document: Document.Parsed, patch: JsonPatch, base: readonly (string | number)[]): void {
  if (patch.length > 0 && hasAliases(document)) {
    // What is written once and stands in several places is to change in one of them.
    document.contents = expanded(document.contents, document) as ParsedNode;
  }
  for (const step of patch) apply(document, step, base);
}

function hasAliases(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function apply(document: Document.Parsed, step: JsonPatchOperation, base: readonly (string | number)[]): void {
  const pointer = step.path.split('/').slice(1);
  const keys = [...base.map(String), ...pointer.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))];
  const last = keys.pop() ?? '';
  let parent: unknown = document.contents;
  for (const key of keys) parent = childOf(parent, key, document);
  if (isSeq(parent)) changeList(parent, Number(last), step);
  else if (isMap(parent)) changeMap(parent, last, step, document);
  else throw new TypeError(`there is nothing at ${step.path}`);
}

function childOf(parent: unknown, key: string, document: Document.Parsed): unknown {
  if (isSeq(parent)) return parent.items[Number(key)];
  return isMap(parent) ? pairOf(parent, key, document)?.value : undefined;
}

function changeList(list: YAMLSeq, at: number, step: JsonPatchOperation): void {
  if (step.op === 'remove') list.items.splice(at, 1);
  else list.items.splice(at, step.op === 'replace' ? 1 : 0, yamlNode(step.value));
  // An empty list can only be written in brackets, which the first item of any size would have to go into.
  if (step.op === 'add' && list.items.length === 1) list.flow = false;
}

function changeMap(map: YAMLMap, key: string, step: JsonPatchOperation, document: Document.Parsed): void {
  const pair = pairOf(map, key, document);
  if (step.op === 'remove') map.items = map.items.filter((each) => each !== pair);
  else if (pair !== undefined) pair.value = yamlNode(step.value);
  else {
    const [added] = (yamlNode({ [key]: step.value }) as YAMLMap).items;
    if (map.items.length === 0) map.flow = false;
    if (added !== undefined) map.items.push(added);
  }
}

function pairOf(map: YAMLMap, key: string, document: Document.Parsed): Pair | undefined {
  return map.items.find((pair) => !isMerge(pair) && !isAlias(pair.key) && keyOf(pair, document) === key);
}
