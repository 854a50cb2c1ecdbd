import { type Document, isAlias, isMap, isScalar, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { plainScalar } from '../../validation/yaml/scalar.ts';
import { isMerge, keyOf, mergedMaps, resolved } from '../../validation/yaml/to-json.ts';

/** The YAML of a JSON value, for a document whose scalars are texts (the schema `failsafe`). */
export function yamlNode(value: unknown): Node {
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    list.items = value.map(yamlNode);
    list.flow = value.length === 0;
    return list;
  }
  if (typeof value === 'object' && value !== null) {
    const map = new YAMLMap();
    map.items = Object.entries(value).map(([key, item]) => new Pair(textNode(key), yamlNode(item)));
    map.flow = map.items.length === 0;
    return map;
  }
  return typeof value === 'string' ? textNode(value) : scalar(String(value), 'PLAIN');
}

function textNode(text: string): Scalar {
  if (text.includes('\n')) return scalar(text, 'BLOCK_LITERAL');
  // Without quotes, kubectl would read another type.
  return scalar(text, plainScalar(text) === text ? 'PLAIN' : 'QUOTE_DOUBLE');
}

function scalar(text: string, type: Scalar.Type): Scalar {
  const node = new Scalar(text);
  node.type = type;
  return node;
}

/** A copy in which every alias and every merge (`<<`) is replaced by what it stands for, so that one place can be changed alone. */
export function expanded(node: unknown, document: Document.Parsed): Node {
  if (isAlias(node)) return expanded(resolved(node, document), document);
  if (isSeq(node)) {
    const copy = withoutAnchor(node);
    copy.items = node.items.map((item) => expanded(item, document));
    return copy;
  }
  if (isMap(node)) {
    const copy = withoutAnchor(node);
    copy.items = expandedPairs(node, document);
    return copy;
  }
  return isScalar(node) ? withoutAnchor(node) : scalar('null', 'PLAIN');
}

function expandedPairs(map: YAMLMap, document: Document.Parsed): YAMLMap['items'] {
  const pairs = new Map<string, Pair>();
  for (const pair of map.items.filter(isMerge)) {
    for (const source of mergedMaps(pair, document)) {
      for (const merged of expandedPairs(source, document)) pairs.set(keyOf(merged, document), merged);
    }
  }
  for (const pair of map.items) {
    if (isMerge(pair)) continue;
    pairs.set(keyOf(pair, document), new Pair(expanded(pair.key, document), expanded(pair.value, document)));
  }
  return [...pairs.values()];
}

function withoutAnchor<T extends Scalar | YAMLMap | YAMLSeq>(node: T): T {
  const copy = node.clone() as T;
  delete copy.anchor;
  return copy;
}
