import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { type JsonScalar, plainScalar } from './scalar.ts';

/** A YAML text that cannot become JSON. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  /** Offset in the text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** How deep aliases may nest, and how many nodes a document may have with its aliases resolved. */
const MAX_DEPTH = 100;
const MAX_NODES = 1_000_000;

/** The JSON that kubectl makes of a document. Throws YamlError. */
export function jsonOf(document: Document.Parsed): unknown {
  let nodes = 0;
  const convert = (node: unknown, depth: number): unknown => {
    nodes += 1;
    if (depth > MAX_DEPTH || nodes > MAX_NODES) throw new YamlError('too deep or too large', offsetOf(node));
    if (isAlias(node)) return convert(resolved(node, document), depth + 1);
    if (isScalar(node)) return scalarOf(node);
    if (isSeq(node)) return node.items.map((item) => convert(item, depth + 1));
    if (!isMap(node)) return null;
    const fields = new Map<string, unknown>();
    for (const pair of node.items) {
      if (!isMerge(pair)) continue;
      for (const source of mergedMaps(pair, document)) {
        for (const [key, value] of Object.entries(convert(source, depth + 1) as object)) fields.set(key, value);
      }
    }
    for (const pair of node.items) {
      if (!isMerge(pair)) fields.set(keyOf(pair, document), convert(pair.value, depth + 1));
    }
    return Object.fromEntries(fields);
  };
  return convert(document.contents, 0);
}

/** The key of a pair as kubectl has it: text, also where the YAML says a number or true. */
export function keyOf({ key }: Pair, document: Document.Parsed): string {
  const node = isAlias(key) ? resolved(key, document) : key;
  if (!isScalar(node)) throw new YamlError('a key has to be text', offsetOf(key));
  const value = scalarOf(node);
  if (value === null) throw new YamlError('a key cannot be empty; quote it if it is meant to be text', offsetOf(key));
  return String(value);
}

/** Whether a pair merges other maps into its own: `<<: *base`. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.value === '<<';
}

/** The maps that a merge names, those that win last. Throws YamlError. */
export function mergedMaps({ value }: Pair, document: Document.Parsed): readonly YAMLMap[] {
  const sources = isSeq(value) ? value.items.toReversed() : [value];
  return sources.map((source) => {
    const node = isAlias(source) ? resolved(source, document) : source;
    if (!isMap(node)) throw new YamlError('only maps can be merged', offsetOf(source));
    return node;
  });
}

const TARGETS = new WeakMap<Document.Parsed, ReadonlyMap<Alias, Node>>();

/** What an alias stands for. Throws YamlError. */
export function resolved(alias: Alias, document: Document.Parsed): Node {
  const targets = TARGETS.get(document) ?? aliasTargets(document);
  TARGETS.set(document, targets);
  const node = targets.get(alias);
  if (node === undefined) throw new YamlError(`nothing is called ${alias.source}`, offsetOf(alias));
  return node;
}

/** What each alias stands for: the last node of that name before it. Found in one walk, as the library would walk for each. */
function aliasTargets(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const named = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Value: (_, node) => void (node.anchor !== undefined && named.set(node.anchor, node)),
    Alias: (_, alias) => {
      const target = named.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
  });
  return targets;
}

/** Where a node begins in the text; 0 for what is not there. */
export function offsetOf(node: unknown): number {
  const { range } = (node ?? {}) as { readonly range?: readonly number[] | null };
  return range?.[0] ?? 0;
}

const RESOLVED_TAGS: ReadonlySet<string> = new Set(
  ['bool', 'int', 'float', 'null', 'timestamp'].map((tag) => `tag:yaml.org,2002:${tag}`),
);

function scalarOf(scalar: Scalar): JsonScalar {
  const text = typeof scalar.value === 'string' ? scalar.value : '';
  const plain = scalar.type === 'PLAIN' || scalar.type === undefined;
  if (scalar.tag === undefined ? plain : RESOLVED_TAGS.has(scalar.tag)) return plainScalar(text);
  return text;
}
