import type { PrincipalMatch, SourceMatch } from '../../model/index.ts';
import { cidrRange } from '../address.ts';
import { sortPlain } from '../order.ts';
import { escapeRegex, exactMatch, regexMatch, type StringMatcherInit } from '../string-match.ts';
import { allOf, anyEntry, noEntry, type PrincipalInit } from './principal.ts';

/** What a rule is for: peers without an identity fail to satisfy `not` for the sake of access, and satisfy it for the sake of refusal. */
export type Effect = 'allow' | 'deny';

/** The connection's peer: its identity and its address. */
export function peer(source: SourceMatch, effect: Effect): PrincipalInit {
  const parts = [
    ...sortPlain(source.principals.flatMap((group) => anyEntry(group, identity) ?? [])),
    effect === 'allow' && source.notPrincipals.length > 0 ? AUTHENTICATED : undefined,
    noEntry(source.notPrincipals, identity),
    anyEntry(source.ipBlocks, ipBlock),
    noEntry(source.notIpBlocks, ipBlock),
  ];
  return allOf(parts.filter((part) => part !== undefined));
}

/** Any peer with an identity. Envoy's own notion of authenticated would be met by any TLS. */
const AUTHENTICATED = uri({ matchPattern: { case: 'prefix', value: 'spiffe://' } });

function identity(match: PrincipalMatch): PrincipalInit {
  switch (match.kind) {
    case 'any-authenticated':
      return AUTHENTICATED;
    case 'exact':
      return uri(exactMatch(match.value));
    // Envoy refuses the empty text; every identity begins and ends with it.
    case 'prefix':
      return match.value === '' ? AUTHENTICATED : uri({ matchPattern: { case: 'prefix', value: match.value } });
    case 'suffix':
      // Envoy looks at the subject of a certificate too, which may end in anything.
      return match.value === '' ? AUTHENTICATED : uri(regexMatch(`spiffe://.*${escapeRegex(match.value)}`));
    case 'namespace-suffix': {
      const [trustDomain, value] = [escapeRegex(match.trustDomain), escapeRegex(match.value)];
      return uri(regexMatch(`spiffe://${trustDomain}/ns/[^/]*${value}/sa/[^/]+`));
    }
  }
}

function uri(principalName: StringMatcherInit): PrincipalInit {
  return { identifier: { case: 'authenticated', value: { principalName } } };
}

function ipBlock(cidr: string): PrincipalInit {
  return { identifier: { case: 'directRemoteIp', value: cidrRange(cidr) } };
}
