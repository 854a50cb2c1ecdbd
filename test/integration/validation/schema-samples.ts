import type { StructuralSchema } from '../../../operator/api/index.ts';

/** A source of chance that gives the same for the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  }

  /** From 0 to below `limit`, whole. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

/** Texts that some pattern of the schemas takes and others refuse, and the edges of both. */
const TEXTS: readonly string[] = [
  ['reviews', 'a', 'web-1', '1web', 'Web', 'web-', '-web', 'we_b', 'w.eb', 'a'.repeat(63), 'a'.repeat(64), ''],
  ['10s', '0s', '1h30m', '250ms', '1.5s', '10', '99999h', '100000h', '1m1m1m1m1m', '1d', ' 1s', '0s0ms', '00000s'],
  [
    '10.0.0.1',
    '10.0.0.0/8',
    '10.0.0.0/33',
    '010.0.0.1',
    'fd00::/8',
    '::1',
    '::',
    '::ffff:1.2.3.4',
    '::ffff:a:b',
    '1::1.2.3.4/64',
  ],
  [
    'fe80::1%eth0',
    '1.2.3',
    '1.2.3.4/',
    '1.2.3.4/08',
    'fd00::/129',
    '0:0:0:0:0:ffff:1:2',
    '0::ffff:0:1',
    '::fffe:1:2',
    '1:2:3:4:5:6:7:8',
  ],
  [
    '/',
    '/a',
    '/a*',
    '*a',
    '*',
    '/a/{*}/b/{**}',
    '/{**}',
    '/{**}/a',
    '/a{*}',
    '/a/{x}',
    '/a?b',
    '/a b',
    '/ä',
    'a/b',
    '/a/**',
    '{*}',
    '/{*}',
  ],
  [
    'spiffe://cluster.local/ns/a/sa/b',
    'spiffe://x/*',
    '*/sa/b',
    'cluster.local/ns/a/sa/b',
    'spiffe://*/x',
    'spiffe://',
  ],
  ['shop/web', 'shop/', '/web', 'a/b/c', 'team-*', '*-team', 'te*am', 'GET', 'get', 'M-SEARCH', 'GET ', 'X_1'],
  ['example.com', '*.example.com', 'example.*', '*example*', 'example.com:80', '[::1]:80', 'exa mple', 'EXAMPLE'],
  [
    'x-user',
    'x user',
    ':path',
    'x-é',
    'bookstore.v1.Reviews',
    'a..b',
    '.a',
    'Get',
    '1Get',
    'line\nbreak',
    'tab\t',
    '\u0000',
    '😀',
    'é',
  ],
  ['constructor', '__proto__', 'toString', 'app.kubernetes.io/name', '/name', 'a/', 'UPPER/name', 'v1'],
  [
    'Exact',
    'Prefix',
    'Template',
    'Present',
    'Service',
    'Allow',
    'Strict',
    'x'.repeat(300),
    '/' + 'x'.repeat(1024),
    'é'.repeat(32),
  ],
].flat();

const NUMBERS: readonly number[] = [
  0, 1, -1, 2, 80, 100, 101, 199, 200, 399, 400, 599, 600, 65_535, 65_536, 0.5, 99.99, 1_000_000, 1_000_001,
  2_147_483_647, 2_147_483_648,
];

/** An object that the schema takes more often than not: values within its bounds, and now and then one from the pools. */
export function sampleOf(schema: StructuralSchema, chance: Chance): unknown {
  if (schema.enum !== undefined) return chance.pick(schema.enum);
  if (schema['x-kubernetes-int-or-string'] === true) return chance.pick<string | number>(['http', 80, 443]);
  if (schema.additionalProperties !== undefined) {
    const { additionalProperties } = schema;
    const keys = ['app', 'version', 'app.kubernetes.io/name', chance.pick(TEXTS)].slice(
      chance.below(3),
      3 + chance.below(5) / 4,
    );
    return Object.fromEntries(keys.map((key) => [key, sampleOf(additionalProperties, chance)]));
  }
  if (schema.type === 'object') return sampleObject(schema, chance);
  if (schema.type === 'array') {
    return Array.from({ length: Math.max(schema.minItems ?? 0, chance.below(3)) }, () =>
      sampleOf(schema.items ?? {}, chance),
    );
  }
  if (schema.type === 'boolean') return chance.once(2);
  if (schema.type === 'string') return fittingText(schema, chance);
  const { minimum = 0, maximum = 1 } = schema;
  return schema.type === 'number'
    ? minimum + chance.next() * (maximum - minimum)
    : minimum + chance.below(Math.min(maximum - minimum, 5) + 1);
}

function sampleObject(schema: StructuralSchema, chance: Chance): unknown {
  const entries = Object.entries(schema.properties ?? {}).filter(
    ([name]) =>
      schema.required?.includes(name) === true || chance.once(Object.keys(schema.properties ?? {}).length > 6 ? 4 : 2),
  );
  return Object.fromEntries(entries.map(([name, child]) => [name, sampleOf(child, chance)]));
}

function fittingText({ pattern = '', maxLength = 0 }: StructuralSchema, chance: Chance): string {
  const fitting = TEXTS.filter(
    (text) => text.length > 0 && text.length <= maxLength && new RegExp(pattern, 'u').test(text),
  );
  return chance.pick(fitting);
}

/** A value, deep below which one thing is another: removed, of another type, from the pools, added, or twice. */
export function mutated(value: unknown, chance: Chance): unknown {
  if (Array.isArray(value) && value.length > 0 && !chance.once(4)) {
    const at = chance.below(value.length);
    return value.map((item, index) => (index === at ? mutated(item, chance) : item));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !chance.once(5)) {
    const keys = Object.keys(value);
    if (keys.length > 0) {
      const key = chance.pick(keys);
      const entries = Object.entries(value);
      if (chance.once(6)) return Object.fromEntries(entries.filter(([name]) => name !== key));
      return Object.fromEntries(entries.map(([name, child]) => [name, name === key ? mutated(child, chance) : child]));
    }
  }
  return replaced(value, chance);
}

function replaced(value: unknown, chance: Chance): unknown {
  switch (chance.below(9)) {
    case 0:
      return null;
    case 1:
      return chance.once(2) ? [] : {};
    case 2:
      return chance.once(2);
    case 3:
      return Array.isArray(value) ? [...value, ...value] : [value];
    case 4:
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { ...value, [chance.pick(['bogus', 'modes', 'name', 'weight', 'constructor'])]: chance.pick(TEXTS) }
        : chance.pick(TEXTS);
    case 5:
    case 6:
      return chance.pick(NUMBERS);
    default:
      return chance.pick(TEXTS);
  }
}
