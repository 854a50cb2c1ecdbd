import { fieldOf } from '../../framework/api/json.ts';
import { UsageError } from '../command.ts';

/** Values as they are merged: objects field by field, everything else as a whole. */
export interface Values {
  readonly [name: string]: unknown;
}

/** The values that a file says. Throws {@link UsageError} unless it is one object. */
export function valuesOf(parsed: unknown, file: string): Values {
  if (parsed === undefined || parsed === null) return {};
  if (!isValues(parsed)) throw new UsageError(`${file} has no values: it is to be an object, as values.yaml`);
  return parsed;
}

/** The values that `path=value` says: `replicas=3`, `podLabels.example\.org/team=a`. `value` is read as YAML. */
export function setValue(text: string, parseYaml: (text: string) => unknown): Values {
  const equals = text.indexOf('=');
  const path = equals < 0 ? [] : (text.slice(0, equals).match(/(?:\\.|[^.\\])+/g) ?? []);
  if (path.length === 0) throw new UsageError(`--set is path=value, such as replicas=3, not ${text}`);
  const value = parseYaml(text.slice(equals + 1));
  return path.reduceRight<unknown>((inner, name) => ({ [name.replaceAll(/\\(.)/g, '$1')]: inner }), value) as Values;
}

/** The values, each over those before it. */
export function mergedValues(all: readonly Values[]): Values {
  return all.reduce<Values>((below, above) => merged(below, above) as Values, {});
}

/** What stands at a path, or nothing. */
export function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => fieldOf(value, name), values);
}

function merged(below: unknown, above: unknown): unknown {
  if (!isValues(below) || !isValues(above)) return above;
  const names = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...names].map((name) => [name, Object.hasOwn(above, name) ? merged(own(below, name), above[name]) : below[name]]),
  );
}

function own(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
