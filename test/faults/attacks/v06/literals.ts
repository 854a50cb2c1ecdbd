import type { AuthorizationPolicyRuleFrom, AuthorizationPolicyRuleTo } from '../../../../operator/api/index.ts';
import { operationPartOf } from '../../../../operator/build/authorization/operation-match.ts';
import { sourceMatchOf } from '../../../../operator/build/authorization/source-match.ts';
import { operation } from '../../../../proxy/envoy/rbac/operation.ts';
import { peer } from '../../../../proxy/envoy/rbac/peer.ts';
import type { Seeded } from '../wire/seeded.ts';
import { holds, type Principal, type Subject } from './judge-principal.ts';

/** A place in a policy where somebody writes a name, and the set of names that it stands for. */
export interface Literal {
  readonly what: string;
  /** Characters that it may be made of; those that mean something in regular expressions come often. */
  readonly alphabet: string;
  readonly from?: (name: string) => AuthorizationPolicyRuleFrom;
  readonly to?: (name: string) => AuthorizationPolicyRuleTo;
  readonly subject: (name: string) => Subject;
  readonly stands: (name: string, candidate: string) => boolean;
}

const CONTEXT = { trustDomain: 'cluster.local', namespace: 'shop' };
const URI = 'spiffe://cluster.local/ns';
const NAMES = 'abc.-.x0';
const PATHS = "ab.+$()'!~=:@|&_-A.*".replace('*', '');
const HEADERS = 'ab.*+?^$(){}[]|\\/#&=:;@_-A';
const same = (name: string, candidate: string): boolean => name === candidate;
const begins = (name: string, candidate: string): boolean => candidate.startsWith(name);
const ends = (name: string, candidate: string): boolean => candidate.endsWith(name);

const account = (name: string): Subject => ({ uri: `${URI}/shop/sa/${name}` });
const path = (name: string): Subject => ({ path: `/${name}` });
const host = (name: string): Subject => ({ headers: { ':authority': name } });
const header = (name: string): Subject => ({ headers: { 'x-a': name } });
const withoutDot = (name: string): string => name.toLowerCase().replace(/\.$/, '');

export const LITERALS: readonly Literal[] = [
  {
    what: 'service accounts',
    alphabet: NAMES,
    from: (name) => ({ serviceAccounts: [name] }),
    subject: account,
    stands: same,
  },
  {
    what: 'principals',
    alphabet: NAMES,
    from: (name) => ({ principals: [`${URI}/shop/sa/${name}`] }),
    subject: account,
    stands: same,
  },
  {
    what: 'beginnings of principals',
    alphabet: NAMES,
    from: (name) => ({ principals: [`${URI}/shop/sa/${name}*`] }),
    subject: account,
    stands: begins,
  },
  {
    what: 'ends of principals',
    alphabet: NAMES,
    from: (name) => ({ principals: [`*/sa/${name}`] }),
    subject: account,
    stands: same,
  },
  {
    what: 'namespaces',
    alphabet: 'abc--x0',
    from: (name) => ({ namespaces: [name] }),
    subject: (name) => ({ uri: `${URI}/${name}/sa/x` }),
    stands: same,
  },
  {
    what: 'ends of namespaces',
    alphabet: 'abc--x0',
    from: (name) => ({ namespaces: [`*${name}`] }),
    subject: (name) => ({ uri: `${URI}/${name}/sa/x` }),
    stands: ends,
  },
  { what: 'paths', alphabet: PATHS, to: (name) => ({ paths: [`/${name}`] }), subject: path, stands: same },
  {
    what: 'beginnings of paths',
    alphabet: PATHS,
    to: (name) => ({ paths: [`/${name}*`] }),
    subject: path,
    stands: begins,
  },
  { what: 'ends of paths', alphabet: PATHS, to: (name) => ({ paths: [`*${name}`] }), subject: path, stands: ends },
  {
    what: 'templates of paths',
    alphabet: PATHS,
    to: (name) => ({ paths: [`/{*}/${name}/{**}`] }),
    subject: (name) => ({ path: `/x/${name}/y/z` }),
    stands: same,
  },
  {
    what: 'hosts',
    alphabet: NAMES,
    to: (name) => ({ hosts: [name] }),
    subject: host,
    stands: (name, candidate) => [name, `${name}.`].includes(candidate.toLowerCase()),
  },
  {
    what: 'domains',
    alphabet: NAMES,
    to: (name) => ({ hosts: [`*.${name}`] }),
    subject: (name) => host(`y.${name}`),
    stands: (name, candidate) =>
      [`y.${candidate}`, withoutDot(`y.${candidate}`)].some((each) => each.endsWith(`.${name}`)),
  },
  {
    what: 'values of headers',
    alphabet: HEADERS,
    to: (name) => ({ headers: [{ name: 'X-A', value: name }] }),
    subject: header,
    stands: same,
  },
  {
    what: 'beginnings of headers',
    alphabet: HEADERS,
    to: (name) => ({ headers: [{ name: 'X-A', type: 'Prefix', value: name }] }),
    subject: header,
    stands: begins,
  },
  {
    what: 'ends of headers',
    alphabet: HEADERS,
    to: (name) => ({ headers: [{ name: 'X-A', type: 'Suffix', value: name }] }),
    subject: header,
    stands: ends,
  },
  {
    what: 'parts of headers',
    alphabet: HEADERS,
    to: (name) => ({ headers: [{ name: 'X-A', type: 'Contains', value: name }] }),
    subject: header,
    stands: (name, candidate) => candidate.includes(name),
  },
  {
    what: 'methods',
    alphabet: 'AB-_C',
    to: (name) => ({ methods: [name] }),
    subject: (name) => ({ headers: { ':method': name } }),
    stands: same,
  },
];

/** A name of so many characters at most. */
export function nameOf({ alphabet }: Literal, random: Seeded, most = 12): string {
  const characters = Array.from({ length: 1 + random.below(most) }, () =>
    alphabet.charAt(random.below(alphabet.length)),
  );
  // Neither a dot segment nor a name that ends in what stands for nothing.
  return `n${characters.join('')}n`;
}

/** A name that is almost another: what a wrong expression would take for it. */
export function almost(name: string, literal: Literal, random: Seeded): string {
  const at = random.below(name.length);
  const [before, char, after] = [name.slice(0, at), name.charAt(at), name.slice(at + 1)];
  switch (random.below(9)) {
    case 0:
      return name;
    case 1:
      return name.replaceAll('.', 'x');
    case 2:
      return before + after;
    case 3:
      return `${before}${char}${char}${after}`;
    case 4:
      return `${before}${literal.alphabet.charAt(random.below(literal.alphabet.length))}${after}`;
    case 5:
      return `z${name}`;
    case 6:
      return `${name}z`;
    case 7:
      return name.replaceAll(/[^a-z0-9]/gi, 'a');
    default:
      return name.toUpperCase();
  }
}

/** What the operator and the proxy's configuration make of a name, in a rule that allows or one that denies. */
export function principalOf({ from, to }: Literal, name: string, action: 'allow' | 'deny'): Principal {
  const source = from === undefined ? undefined : sourceMatchOf(from(name), CONTEXT);
  if (source !== undefined) return peer(source, action);
  const part = to === undefined ? undefined : operationPartOf(to(name));
  if (part === undefined) throw new Error(`nothing is made of ${JSON.stringify(name)}`);
  return operation(part.match, action === 'allow' ? 'narrow' : 'wide');
}

/** So many pairs of a name and one that is almost it; answers those for which a matcher accepts another set than the literal one. */
export function wrongPairs(count: number, random: Seeded): readonly string[] {
  const wrong: string[] = [];
  for (let done = 0; done < count; ) {
    const literal = random.pick(LITERALS);
    const name = nameOf(literal, random);
    const action = random.pick(['allow', 'deny'] as const);
    const principal = principalOf(literal, name, action);
    for (let times = 0; times < 10; times += 1, done += 1) {
      const candidate = almost(name, literal, random);
      const isTaken = holds(principal, literal.subject(candidate));
      if (isTaken !== literal.stands(name, candidate) && wrong.length < 20) {
        wrong.push(
          `${literal.what}: ${JSON.stringify(name)} ${isTaken ? 'takes' : 'does not take'} ${JSON.stringify(candidate)} (${action})`,
        );
      }
    }
  }
  return wrong;
}
