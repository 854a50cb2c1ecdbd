import { formatSpiffeId, type InboundPolicy, type PrincipalMatch } from '@dot-kube/proxy/model';
import type { LabelExpression, LabelSelector, NetworkPolicyPeer } from '../../api/index.ts';
import { compareText } from '../lenient.ts';
import { INJECTION_STATUS } from '../pod-class.ts';
import { type AddressSet, blocksOf, intersection, isEmpty, isEverywhere } from './address-set.ts';
import { admits, anonymousAddresses, principalsIn } from './l4-decision.ts';
import { SERVICE_ACCOUNT_LABEL, serviceAccountLabel } from './pod-marks.ts';

/** A service account of a namespace. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** What is known of the pods from which connections may come. */
export interface Callers {
  readonly trustDomain: string;
  /** As whom meshed pods run; asked for only where a policy speaks of identities by a part of their names. */
  readonly accounts: () => readonly Account[];
  /** As whom meshed pods run whose labels do not tell it. */
  readonly unmarked: readonly Account[];
  /** The networks in which pods have their addresses. */
  readonly networks: AddressSet;
}

/** Who may connect: anybody, or any of these peers; without peers nobody. */
export type Peers = 'anybody' | readonly NetworkPolicyPeer[];

/** The label by which every namespace says its name. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
/** What cannot be part of a name, and so stands for all those that are named nowhere. */
const OTHER = '\0';

/** Whom the proxy of a port takes any connection from, in the words of a NetworkPolicy: never fewer, and few more. */
export function peersOf(inbound: InboundPolicy, callers: Callers): Peers {
  const addresses = anonymousAddresses(inbound);
  if (isEverywhere(addresses)) return 'anybody';
  const blocks = blocksOf(addresses).map((ipBlock) => ({ ipBlock }));
  // Whether an ipBlock fits pods is left open by the API, and CNIs differ.
  if (!isEmpty(intersection(addresses, callers.networks))) return [...blocks, { namespaceSelector: {} }];
  return [...blocks, ...meshedPeers(inbound, callers)];
}

/** The meshed pods whose identity is let in. */
function meshedPeers(inbound: InboundPolicy, callers: Callers): readonly NetworkPolicyPeer[] {
  const { trustDomain, networks } = callers;
  const isIn = ({ namespace, name }: Account): boolean =>
    admits(inbound, formatSpiffeId({ trustDomain, namespace, serviceAccount: name }), networks);
  const others = isIn({ namespace: OTHER, name: OTHER });
  const groups = new Map<string, { readonly pods: LabelSelector; readonly namespaces: string[] }>();
  const different: string[] = [];
  for (const [namespace, names] of byNamespace(namedAccounts(inbound, callers))) {
    const rest = isIn({ namespace, name: OTHER });
    const exceptions = names.filter((name) => isIn({ namespace, name }) !== rest);
    if (rest === others && exceptions.length === 0) continue;
    different.push(namespace);
    for (const pods of podSelectors(rest, exceptions)) {
      const key = JSON.stringify(pods);
      const group = groups.get(key) ?? { pods, namespaces: [] };
      groups.set(key, group);
      group.namespaces.push(namespace);
    }
  }
  const unmarked = [...new Set(callers.unmarked.filter(isIn).map(({ namespace }) => namespace))].sort(compareText);
  return [
    ...(others ? [{ namespaceSelector: notNamed(different), podSelector: INJECTED }] : []),
    ...[...groups.values()].map(({ pods, namespaces }) => ({
      namespaceSelector: named(namespaces),
      podSelector: pods,
    })),
    ...(unmarked.length === 0 ? [] : [{ namespaceSelector: named(unmarked) }]),
  ];
}

const INJECTED: LabelSelector = { matchLabels: { [INJECTION_STATUS]: 'injected' } };

/** The pods of a namespace: `rest` for accounts that are not named, the opposite for the named ones. */
function podSelectors(rest: boolean, exceptions: readonly string[]): readonly LabelSelector[] {
  const labels = exceptions.flatMap((name) => serviceAccountLabel(name) ?? []);
  const isUnlabelled = labels.length < exceptions.length;
  const where = (operator: LabelExpression['operator'], values?: readonly string[]): LabelSelector => ({
    ...INJECTED,
    matchExpressions: [{ key: SERVICE_ACCOUNT_LABEL, operator, ...(values && { values }) }],
  });
  if (rest) return labels.length === 0 ? [INJECTED] : [where('NotIn', labels)];
  return [...(labels.length === 0 ? [] : [where('In', labels)]), ...(isUnlabelled ? [where('DoesNotExist')] : [])];
}

function named(namespaces: readonly string[]): LabelSelector {
  const [first, ...others] = namespaces;
  if (first !== undefined && others.length === 0) return { matchLabels: { [NAMESPACE_NAME]: first } };
  return { matchExpressions: [{ key: NAMESPACE_NAME, operator: 'In', values: namespaces }] };
}

function notNamed(namespaces: readonly string[]): LabelSelector {
  if (namespaces.length === 0) return {};
  return { matchExpressions: [{ key: NAMESPACE_NAME, operator: 'NotIn', values: namespaces }] };
}

/** Every account that the policies may tell apart from others: an empty name stands for the namespace alone. */
function namedAccounts(inbound: InboundPolicy, { trustDomain, accounts }: Callers): readonly Account[] {
  const prefix = `spiffe://${trustDomain}/ns/`;
  let isOpen = false;
  const found = principalsIn(inbound).flatMap((match): readonly Account[] => {
    const account = match.kind === 'exact' || match.kind === 'prefix' ? accountIn(match, prefix) : undefined;
    isOpen ||= account === undefined && match.kind !== 'any-authenticated' && match.kind !== 'exact';
    return account === undefined ? [] : [account];
  });
  return isOpen ? [...found, ...accounts()] : found;
}

/** The account of a whole URI, or the namespace of one that goes on with any account. */
function accountIn(
  { kind, value }: Extract<PrincipalMatch, { kind: 'exact' | 'prefix' }>,
  prefix: string,
): Account | undefined {
  const [namespace, sa, name, ...rest] = value.startsWith(prefix) ? value.slice(prefix.length).split('/') : [];
  if (namespace === undefined || namespace === '' || sa !== 'sa' || name === undefined || rest.length > 0)
    return undefined;
  if (kind === 'prefix' && name !== '') return undefined;
  return { namespace, name };
}

function byNamespace(accounts: readonly Account[]): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, Set<string>>();
  for (const { namespace, name } of accounts) {
    const names = found.get(namespace) ?? new Set();
    found.set(namespace, names);
    if (name !== '') names.add(name);
  }
  return [...found]
    .sort(([a], [b]) => compareText(a, b))
    .map(([namespace, names]) => [namespace, [...names].sort(compareText)]);
}
