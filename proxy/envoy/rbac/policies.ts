import { type AuthorizationPolicy, type AuthorizationRule, needsHttp } from '../../model/index.ts';
import type { Init } from '../init.ts';
import type { Payload } from '../names.ts';
import { compareTexts, sortPlain, uniqueTexts } from '../order.ts';
import { RBAC_Action, type PolicySchema, type RBACSchema } from '../proto/index.ts';
import { operation } from './operation.ts';
import { type Effect, peer } from './peer.ts';
import { allOf, anyOf, not, type PrincipalInit } from './principal.ts';

export type RulesInit = Init<typeof RBACSchema>;

/** What the policies of one port make of a request or a connection. What is absent decides nothing. */
export interface Decisions {
  /** Refuses; the policy of Envoy's that matched is named in the response's details. */
  readonly enforced?: RulesInit;
  /** What would be refused, were the dry-run policies in force too. */
  readonly dryRun?: RulesInit;
  /** Names the Allow rule that let the request through; decides nothing. */
  readonly allowed?: RulesInit;
  /** Names the Audit rule that the request fits; decides nothing. */
  readonly audit?: RulesInit;
}

/**
 * Deny and Allow in one list of refusals: a policy for each Deny rule, and one for whatever no Allow rule matches, so that
 * the response names what decided it in either case (of Envoy's own Allow lists it would say `none`). Where only connections
 * can be told apart, rules that need HTTP match nothing.
 */
export function decisions(policies: readonly AuthorizationPolicy[], payload: Payload): Decisions {
  const usable = payload === 'http' ? policies : policies.map(withoutHttp);
  const of = (action: AuthorizationPolicy['action'], mode?: AuthorizationPolicy['mode']) =>
    usable.filter((policy) => policy.action === action && (mode === undefined || policy.mode === mode));
  const [deny, allow] = [of('deny', 'enforce'), of('allow', 'enforce')];
  const [dryDeny, dryAllow] = [of('deny', 'dry-run'), of('allow', 'dry-run')];
  return present({
    enforced: rules(RBAC_Action.DENY, [...ruleEntries(deny, 'deny'), ...noAllow(allow, 'no-allow')]),
    dryRun: rules(RBAC_Action.DENY, [
      ...ruleEntries(dryDeny, 'deny'),
      ...(dryAllow.length > 0 ? noAllow([...allow, ...dryAllow], 'no-allow') : []),
    ]),
    allowed: rules(RBAC_Action.ALLOW, ruleEntries(allow, 'allow')),
    audit: rules(RBAC_Action.ALLOW, ruleEntries(of('audit'), 'audit')),
  });
}

/** Whether a decision about one of these policies' rules needs a request, and not only a connection. */
export function needRequests(policies: readonly AuthorizationPolicy[]): boolean {
  return policies.some((policy) => policy.rules.some(needsHttp));
}

type Entry = readonly [name: string, principal: PrincipalInit];

/** `deny:bookstore/no-tourists[rules[0]]`: the policies of RBAC are looked through in the order of their names. */
function ruleEntries(policies: readonly AuthorizationPolicy[], action: AuthorizationPolicy['action']): Entry[] {
  const effect = action === 'allow' ? 'allow' : 'deny';
  return policies.flatMap((policy) =>
    policy.rules.map((rule): Entry => [`${action}:${policyName(policy)}[${rule.name}]`, rulePrincipal(rule, effect)]),
  );
}

function noAllow(policies: readonly AuthorizationPolicy[], prefix: string): Entry[] {
  if (policies.length === 0) return [];
  const allowed = sortPlain(policies.flatMap(({ rules: all }) => all.map((rule) => rulePrincipal(rule, 'allow'))));
  return [[`${prefix}:${uniqueTexts(policies.map(policyName)).join(',')}`, not(anyOf(allowed))]];
}

function rulePrincipal(rule: AuthorizationRule, effect: Effect): PrincipalInit {
  return allOf([
    ...(rule.from.length === 0 ? [] : [anyOf(sortPlain(rule.from.map((source) => peer(source, effect))))]),
    ...(rule.to.length === 0
      ? []
      : [anyOf(sortPlain(rule.to.map((to) => operation(to, effect === 'deny' ? 'wide' : 'narrow'))))]),
  ]);
}

function rules(action: RBAC_Action, entries: readonly Entry[]): RulesInit | undefined {
  if (entries.length === 0) return undefined;
  // Rules that were given the same name share one entry: neither may be lost.
  const byName = [...Map.groupBy(entries, ([name]) => name)].sort(([a], [b]) => compareTexts(a, b));
  return {
    action,
    policies: Object.fromEntries(
      byName.map(([name, same]) => [name, policy(anyOf(sortPlain(same.map(([, principal]) => principal))))]),
    ),
  };
}

function policy(principal: PrincipalInit): Init<typeof PolicySchema> {
  return { permissions: [{ rule: { case: 'any', value: true } }], principals: [principal] };
}

function policyName({ source }: AuthorizationPolicy): string {
  return `${source.namespace}/${source.name}`;
}

function withoutHttp(from: AuthorizationPolicy): AuthorizationPolicy {
  return { ...from, rules: from.rules.filter((rule) => !needsHttp(rule)) };
}

function present(all: { readonly [Key in keyof Decisions]: Decisions[Key] | undefined }): Decisions {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
