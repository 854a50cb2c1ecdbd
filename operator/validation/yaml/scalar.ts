/** A scalar as JSON has it. */
export type JsonScalar = string | number | boolean | null;

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

const TIMESTAMP = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * What kubectl makes of a plain (unquoted) scalar: it reads YAML 1.1, where `on`, `yes` and `y` are true and 0777 is octal;
 * dates stay text, and so do numbers of base 60. Follows the rules of https://github.com/yaml/go-yaml, version 2.
 */
export function plainScalar(text: string): JsonScalar {
  if (NULLS.has(text)) return null;
  const boolean = BOOLEANS.get(text);
  if (boolean !== undefined) return boolean;
  const hint = text.charAt(0);
  if (hint === '.') return FLOAT.test(text) ? Number(text) : text;
  if (!/[-+0-9]/.test(hint) || TIMESTAMP.test(text)) return text;
  const plain = text.replaceAll('_', '');
  const number = integer(plain) ?? (FLOAT.test(plain) ? Number(plain) : undefined);
  return number === undefined || !Number.isFinite(number) ? text : number;
}

/** A whole number in base 10, or in 2, 8 or 16 by its prefix; a leading zero alone means 8. */
function integer(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(text) ?? [];
  const value = magnitude(digits);
  if (value === undefined || value === 0) return value;
  return sign === '-' ? -value : value;
}

function magnitude(digits: string): number | undefined {
  if (/^(?:0|[1-9]\d*)$/.test(digits)) return Number(digits);
  if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  return /^0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)$/.test(digits) ? Number(digits) : undefined;
}
