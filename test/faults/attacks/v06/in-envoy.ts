import type { AuthorizationPolicySpec } from '../../../../operator/api/index.ts';
import type { GuardedCase } from '../wire/guarded-mesh.ts';
import type { Seeded } from '../wire/seeded.ts';
import { LITERALS, type Literal, nameOf } from './literals.ts';

/** A rule in a real Envoy, and the name that stands in it. */
export interface Sample extends GuardedCase {
  readonly literal: Literal;
  readonly value: string;
}

const LENGTHS: Readonly<Record<string, number>> = { hosts: 200, 'values of headers': 900, paths: 900 };

/** One of each place that is about requests, and the longest that there may be. */
export function samples(random: Seeded): readonly Sample[] {
  return LITERALS.filter(({ to }) => to !== undefined).flatMap((literal) => {
    const longest = LENGTHS[literal.what];
    const values = [
      nameOf(literal, random),
      ...(longest === undefined ? [] : [nameOf(literal, random, longest).padEnd(longest, 'b.')]),
    ];
    return values.map(
      (value): Sample => ({
        name: literal.what,
        policies: [policyOf(literal, value)],
        judge: () => undefined,
        literal,
        value,
      }),
    );
  });
}

function policyOf({ to }: Literal, value: string): AuthorizationPolicySpec {
  return { action: 'Allow', rules: [{ to: to === undefined ? [] : [to(value)] }] };
}

/** The request of a subject, byte by byte. */
export function requestOf({ literal }: Sample, candidate: string): Buffer {
  const { path = '/', headers = {} } = literal.subject(candidate);
  const { ':authority': host = 'any', ':method': method = 'GET', ...rest } = headers;
  const lines = Object.entries(rest).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}\r\n`, 'latin1');
}
