import {
  type AuthorizationPolicy,
  type AuthorizationRule,
  type InboundPolicy,
  needsHttp,
  type PrincipalMatch,
  type SourceMatch,
} from '@dot-kube/proxy/model';
import {
  type AddressSet,
  addressesOf,
  EVERYWHERE,
  intersection,
  isEmpty,
  NO_ADDRESS,
  union,
  without,
} from './address-set.ts';

/**
 * The addresses from which a port takes connections without an identity. What asks for something of a request counts as if some
 * request had it where it allows, and as if none had where it denies.
 */
export function anonymousAddresses({ mtls, authorization }: InboundPolicy): AddressSet {
  if (mtls === 'strict') return NO_ADDRESS;
  const allows = rulesOf(authorization, 'allow');
  const denied = denials(authorization).flatMap((rule) => anonymousOf(rule, isFitForAnonymousDenial));
  const allowed = allows === undefined ? [EVERYWHERE] : allows.flatMap((rule) => anonymousOf(rule, isForAnybody));
  return without(union(allowed), union(denied));
}

/**
 * Whether a port takes any connection of the peer with this SPIFFE URI, whose address is in one of the networks of pods, and
 * where nobody knows which.
 */
export function admits({ mtls, authorization }: InboundPolicy, peer: string, networks: AddressSet): boolean {
  if (mtls === 'disabled') return false;
  // Without pods that have addresses nobody knows where they will be.
  const all = isEmpty(networks) ? EVERYWHERE : networks;
  const mustBe = (source: SourceMatch): boolean => isEmpty(without(all, addressesFor(source)));
  if (denials(authorization).some((rule) => comesFrom(rule, peer, mustBe))) return false;
  const allows = rulesOf(authorization, 'allow');
  const mayBe = (source: SourceMatch): boolean => !isEmpty(intersection(all, addressesFor(source)));
  return allows === undefined || allows.some((rule) => comesFrom(rule, peer, mayBe));
}

/** Everything that the port's policies say about identities. */
export function principalsIn({ authorization }: InboundPolicy): readonly PrincipalMatch[] {
  return enforced(authorization).flatMap(({ rules }) =>
    rules.flatMap(({ from }) =>
      from.flatMap(({ principals, notPrincipals }) => [...principals.flat(), ...notPrincipals]),
    ),
  );
}

/** The policies that decide. */
export function enforced(authorization: readonly AuthorizationPolicy[]): readonly AuthorizationPolicy[] {
  return authorization.filter(({ action, mode }) => mode === 'enforce' && action !== 'audit');
}

/** The rules of the policies that are in force; nothing where there is no such policy. */
function rulesOf(
  authorization: readonly AuthorizationPolicy[],
  action: AuthorizationPolicy['action'],
): readonly AuthorizationRule[] | undefined {
  const policies = enforced(authorization).filter((policy) => policy.action === action);
  return policies.length === 0 ? undefined : policies.flatMap(({ rules }) => rules);
}

/** The rules that deny whole connections. */
function denials(authorization: readonly AuthorizationPolicy[]): readonly AuthorizationRule[] {
  return (rulesOf(authorization, 'deny') ?? []).filter((rule) => !needsHttp(rule));
}

/** The addresses of the sources of a rule that fit a peer without identity. */
function anonymousOf({ from }: AuthorizationRule, fits: (source: SourceMatch) => boolean): readonly AddressSet[] {
  return from.length === 0 ? [EVERYWHERE] : from.filter(fits).map(addressesFor);
}

/** To be allowed as not being somebody, a peer has to be somebody. */
function isForAnybody({ principals, notPrincipals }: SourceMatch): boolean {
  return principals.every((group) => group.length === 0) && notPrincipals.length === 0;
}

/** Whoever is nobody is not one of those whom a denial leaves out. */
function isFitForAnonymousDenial({ principals }: SourceMatch): boolean {
  return principals.every((group) => group.length === 0);
}

function addressesFor({ ipBlocks, notIpBlocks }: SourceMatch): AddressSet {
  return without(ipBlocks.length === 0 ? EVERYWHERE : addressesOf(ipBlocks), addressesOf(notIpBlocks));
}

function comesFrom({ from }: AuthorizationRule, peer: string, isThere: (source: SourceMatch) => boolean): boolean {
  return from.length === 0 || from.some((source) => isPeer(source, peer) && isThere(source));
}

function isPeer({ principals, notPrincipals }: SourceMatch, peer: string): boolean {
  const isOne = (match: PrincipalMatch): boolean => isPrincipal(match, peer);
  return principals.every((group) => group.length === 0 || group.some(isOne)) && !notPrincipals.some(isOne);
}

function isPrincipal(match: PrincipalMatch, peer: string): boolean {
  switch (match.kind) {
    case 'any-authenticated':
      return true;
    case 'exact':
      return peer === match.value;
    case 'prefix':
      return peer.startsWith(match.value);
    case 'suffix':
      return peer.endsWith(match.value);
    case 'namespace-suffix': {
      const prefix = `spiffe://${match.trustDomain}/ns/`;
      return peer.startsWith(prefix) && (peer.slice(prefix.length).split('/')[0] ?? '').endsWith(match.value);
    }
  }
}
