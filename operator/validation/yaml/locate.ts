import { type Document, isAlias, isMap, isSeq, type Pair } from 'yaml';
import type { FieldStep } from '../field-path.ts';
import { isMerge, keyOf, mergedMaps, offsetOf, resolved } from './to-json.ts';

/** Where a field begins, or the nearest thing around it that is there. Offset in the text. */
export function offsetOfField(document: Document.Parsed, steps: readonly FieldStep[], of: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const [at, step] of steps.entries()) {
    if (isAlias(node)) node = resolved(node, document);
    const last = at === steps.length - 1;
    if (isMap(node)) {
      const pair = pairOf(node, String(step), document);
      if (pair === undefined) return offset;
      node = pair.value;
      offset = offsetOf(of === 'value' && last && isInline(node) ? node : pair.key);
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step];
      offset = offsetOf(node);
    } else {
      return offset;
    }
  }
  return offset;
}

/** Whether a value stands beside its key, and not below it. */
function isInline(node: unknown): boolean {
  return node !== null && (!(isMap(node) || isSeq(node)) || node.flow === true);
}

function pairOf(map: { readonly items: readonly Pair[] }, key: string, document: Document.Parsed): Pair | undefined {
  const own = map.items.findLast((pair) => !isMerge(pair) && keyOf(pair, document) === key);
  if (own !== undefined) return own;
  for (const pair of map.items.filter(isMerge)) {
    for (const source of mergedMaps(pair, document).toReversed()) {
      const merged = pairOf(source, key, document);
      if (merged !== undefined) return merged;
    }
  }
  return undefined;
}
