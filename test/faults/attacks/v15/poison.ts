import type { Seeded } from '../wire/seeded.ts';

/** Names that every object of JavaScript answers to. */
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
] as const;

const VALUES: readonly (() => unknown)[] = [
  () => ({ polluted: 'yes' }),
  () => ({ prototype: { polluted: 'yes' } }),
  () => 'yes',
  () => null,
  () => ['yes'],
];

/** A copy in which such keys stand as JSON has them, beside and in place of others; some texts are those names too. */
export function poisoned(value: unknown, random: Seeded): unknown {
  if (Array.isArray(value)) return value.map((each) => poisoned(each, random));
  if (typeof value === 'string') return random.below(40) === 0 ? random.pick(KEYS) : value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [key, poisoned(each, random)]);
  if (random.below(3) === 0) entries.push([random.pick(KEYS), random.pick(VALUES)()]);
  // Unlike an assignment this makes a key of its own, as JSON.parse does.
  return Object.fromEntries(entries);
}

const INTRINSICS = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Map.prototype,
  Object,
] as const;

/** What of the objects that everybody shares is not as it should be. */
export class Shared {
  readonly #before = INTRINSICS.map(namesOf);

  changes(): readonly string[] {
    const added = INTRINSICS.flatMap((each, index) =>
      namesOf(each).filter((name) => this.#before[index]?.includes(name) !== true),
    );
    const seen = (Object.create(Object.prototype) as Record<string, unknown>)['polluted'];
    return seen === undefined ? added : [...added, 'polluted'];
  }
}

function namesOf(object: object): readonly string[] {
  return Reflect.ownKeys(object).map(String);
}
