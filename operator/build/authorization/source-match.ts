import { formatSpiffeId, type PrincipalMatch, type SourceMatch } from '@dot-kube/proxy/model';
import type { AuthorizationPolicyRuleFrom } from '../../api/index.ts';
import { cidrOf } from '../cidr.ts';
import { textsOf } from '../lenient.ts';

/** What names in a policy are relative to. */
export interface NamingContext {
  readonly trustDomain: string;
  /** The policy's own namespace. */
  readonly namespace: string;
}

/**
 * One entry of `from` in the model's words. `undefined` when it says nothing or has a list of which nothing can be read: it
 * then fits nobody, rather than everybody.
 */
export function sourceMatchOf(from: AuthorizationPolicyRuleFrom, context: NamingContext): SourceMatch | undefined {
  const groups = [
    patterns(from.principals, principalOf),
    patterns(from.serviceAccounts, (name) => serviceAccountOf(name, context)),
    patterns(from.namespaces, (name) => namespaceOf(name, context)),
  ];
  const negated = [
    patterns(from.notPrincipals, principalOf),
    patterns(from.notServiceAccounts, (name) => serviceAccountOf(name, context)),
    patterns(from.notNamespaces, (name) => namespaceOf(name, context)),
  ];
  const blocks = [patterns(from.ipBlocks, cidrOf), patterns(from.notIpBlocks, cidrOf)];
  const given = [...groups, ...negated, ...blocks].filter((list) => list !== undefined);
  if (given.length === 0 || given.some((list) => list.length === 0)) return undefined;
  return {
    principals: groups.filter((group) => group !== undefined),
    notPrincipals: negated.flatMap((group) => group ?? []),
    ipBlocks: blocks[0] ?? [],
    notIpBlocks: blocks[1] ?? [],
  };
}

/** Absent lists stay absent; of the others, what can be read. */
function patterns<T>(
  texts: readonly string[] | undefined,
  parse: (text: string) => T | undefined,
): readonly T[] | undefined {
  if (texts === undefined) return undefined;
  return textsOf(texts).flatMap((text) => parse(text) ?? []);
}

function principalOf(text: string): PrincipalMatch {
  if (text === '*') return { kind: 'any-authenticated' };
  if (text.startsWith('*')) return { kind: 'suffix', value: text.slice(1) };
  if (text.endsWith('*')) return { kind: 'prefix', value: text.slice(0, -1) };
  return { kind: 'exact', value: text };
}

function serviceAccountOf(text: string, { trustDomain, namespace }: NamingContext): PrincipalMatch {
  const slash = text.indexOf('/');
  const id = {
    trustDomain,
    namespace: slash < 0 ? namespace : text.slice(0, slash),
    serviceAccount: text.slice(slash + 1),
  };
  return { kind: 'exact', value: formatSpiffeId(id) };
}

/** Neither trust domains nor namespaces hold a slash, so that a beginning of the URI decides. */
function namespaceOf(text: string, { trustDomain }: NamingContext): PrincipalMatch {
  if (text === '*') return { kind: 'any-authenticated' };
  if (text.startsWith('*')) return { kind: 'namespace-suffix', trustDomain, value: text.slice(1) };
  if (text.endsWith('*')) return { kind: 'prefix', value: `spiffe://${trustDomain}/ns/${text.slice(0, -1)}` };
  return { kind: 'prefix', value: `spiffe://${trustDomain}/ns/${text}/sa/` };
}
