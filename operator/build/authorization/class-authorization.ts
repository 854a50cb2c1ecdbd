import {
  type AuthorizationPolicy,
  type AuthorizationRule,
  carriesHttp,
  type Protocol,
  sourceKey,
} from '@dot-kube/proxy/model';
import type { Derivation } from '../../framework/derive/index.ts';
import { classScopes } from '../class-scopes.ts';
import { AUTHORIZATION_POLICIES } from '../collections.ts';
import { compareText } from '../lenient.ts';
import { podClass } from '../pod-facts.ts';
import { selects } from '../selector.ts';
import { type AuthorizationPart, authorizationPart, type RulePart } from './authorization-part.ts';
import { asksForHttp, type OperationPart } from './operation-match.ts';

/** A policy that concerns the pods of a class. */
export interface AppliedAuthorization {
  readonly policy: AuthorizationPart;
  /** The ports that its targets lead to. Absent: all. */
  readonly ports?: readonly number[];
}

/** The AuthorizationPolicies that concern the pods of a class, sorted; one that names several targets stands there once. */
export const classAuthorization: Derivation<readonly AppliedAuthorization[]> = {
  name: 'classAuthorization',
  compute(read, key) {
    const labels = read.derived(podClass, key)?.labels ?? {};
    const found = new Map<string, AppliedAuthorization>();
    for (const scope of read.derived(classScopes, key).flat()) {
      for (const member of read.members(AUTHORIZATION_POLICIES, 'scope', scope.key)) {
        const policy = read.derived(authorizationPart, member);
        if (policy === undefined || (policy.labels !== undefined && !selects(policy.labels, labels))) continue;
        const name = sourceKey(policy.source);
        const ports = scope.ports === undefined ? undefined : [...(found.get(name)?.ports ?? []), ...scope.ports];
        found.set(name, ports === undefined ? { policy } : { policy, ports });
      }
    }
    return [...found].sort(([a], [b]) => compareText(a, b)).map(([, applied]) => applied);
  },
};

/** The ports that some rule of the policies names: what holds for them may differ from what holds for all others. */
export function portsNamedBy(policies: readonly AppliedAuthorization[]): readonly number[] {
  return policies.flatMap(({ policy, ports }) => [
    ...(ports ?? []),
    ...policy.rules.flatMap(({ to }) => to.flatMap((part) => [...(part.ports ?? []), ...part.notPorts])),
  ]);
}

/** What the policies decide on one port; `undefined` stands for every port that nobody names. */
export function authorizationFor(
  policies: readonly AppliedAuthorization[],
  port: number | undefined,
  protocol: Protocol,
): readonly AuthorizationPolicy[] {
  return policies.flatMap(({ policy, ports }) => {
    if (ports !== undefined && (port === undefined || !ports.includes(port))) return [];
    const rules = policy.rules.flatMap((rule) => cutToPort(rule, port, protocol) ?? []);
    // What allows nothing here still closes the port; what denies or marks nothing has no say.
    if (rules.length === 0 && policy.action !== 'allow') return [];
    const { source, action, mode } = policy;
    return [{ source, action, mode, rules }];
  });
}

/** The rule without the entries that are about other ports or, on a TCP port, about requests: these fit nothing there. */
function cutToPort(rule: RulePart, port: number | undefined, protocol: Protocol): AuthorizationRule | undefined {
  const { name, from } = rule;
  if (rule.to.length === 0) return { name, from, to: [] };
  const here = rule.to.filter((part) => isAbout(part, port) && (carriesHttp(protocol) || !asksForHttp(part)));
  if (here.length === 0) return undefined;
  return { name, from, to: here.every(asksForHttp) ? here.map(({ match }) => match) : [] };
}

/** Whether an entry of `to` is about a port. */
export function isAbout({ ports, notPorts }: OperationPart, port: number | undefined): boolean {
  if (port === undefined) return ports === undefined;
  return (ports === undefined || ports.includes(port)) && !notPorts.includes(port);
}
