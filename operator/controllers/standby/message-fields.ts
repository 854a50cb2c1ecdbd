import { isTypeUrl, type ResourceRef } from '@dot-kube/proxy/xds';

/** What a replica said is not understood. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/** Whether a value of JSON is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws {@link MessageError}, as all of these do. */
export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new MessageError('no list');
  return value as readonly unknown[];
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new MessageError('no text');
  return value;
}

export function number(value: unknown): number {
  if (typeof value !== 'number') throw new MessageError('no number');
  return value;
}

/** References as pairs of type and name. */
export function formatRefs(refs: readonly ResourceRef[]): readonly (readonly [string, string])[] {
  return refs.map(({ type, name }) => [type, name]);
}

/** The inverse of {@link formatRefs}. */
export function refsOf(value: unknown): readonly ResourceRef[] {
  return list(value).map((pair) => {
    const [type, name] = list(pair);
    const url = text(type);
    if (!isTypeUrl(url)) throw new MessageError('a reference of an unknown type');
    return { type: url, name: text(name) };
  });
}
