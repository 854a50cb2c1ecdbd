import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../../framework/api/object.ts';

/** A field that an apply changes; `from` or `to` is absent where it is new or goes. */
export interface FieldChange {
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** What the API server counts and remembers, and nobody applies. */
const BOOKKEEPING = new Set(['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp']);

/** The fields in which two states of an object differ. The status is not one of them. */
export function fieldChanges(before: KubernetesObject, after: KubernetesObject): readonly FieldChange[] {
  return differences(comparable(before), comparable(after), '');
}

function comparable({ metadata, status: _status, ...rest }: KubernetesObject): unknown {
  const kept = Object.entries(metadata).filter(([name]) => !BOOKKEEPING.has(name));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

function differences(from: unknown, to: unknown, path: string): readonly FieldChange[] {
  if (isDeepStrictEqual(from, to)) return [];
  if (!isObject(from) || !isObject(to)) {
    return [{ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  }
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.flatMap((name) => differences(from[name], to[name], step(path, name, Array.isArray(to))));
}

function step(path: string, name: string, isItem: boolean): string {
  if (isItem) return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** `spec.replicas: 2 → 3`, in one line that is not too long. */
export function changeText({ from, path, to }: FieldChange): string {
  return `${path}: ${valueText(from)} → ${valueText(to)}`;
}

const LONGEST = 60;

function valueText(value: unknown): string {
  if (value === undefined) return '(nothing)';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
