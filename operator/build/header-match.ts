import type { HeaderMatch, StringMatch } from '@dot-kube/proxy/model';
import type { HeaderMatch as ApiHeaderMatch } from '../api/index.ts';
import { textOf } from './lenient.ts';

/** A header's condition in the model's words; one that cannot be read is `undefined`. */
export function headerMatchOf({ name, type = 'Exact', value }: ApiHeaderMatch): HeaderMatch | undefined {
  const header = textOf(name)?.toLowerCase();
  if (header === undefined) return undefined;
  if (type === 'Absent') return { name: header, match: { kind: 'present' }, negate: true };
  const match = stringMatchOf(type, value);
  return match === undefined ? undefined : { name: header, match };
}

function stringMatchOf(
  type: Exclude<ApiHeaderMatch['type'], 'Absent' | undefined>,
  value: string | undefined,
): StringMatch | undefined {
  if (type === 'Present') return { kind: 'present' };
  const text = textOf(value);
  if (text === undefined) return undefined;
  switch (type) {
    case 'Exact':
      return { kind: 'exact', value: text };
    case 'Prefix':
      return { kind: 'prefix', value: text };
    case 'Suffix':
      return { kind: 'suffix', value: text };
    case 'Contains':
      return { kind: 'contains', value: text };
  }
}
