import type { SourceMatch } from '@dot-kube/proxy/model';
import type { AuthorizationPolicy, AuthorizationPolicyRule } from '../../api/index.ts';
import type { Derivation } from '../../framework/derive/index.ts';
import { type Aged, ageOf } from '../age.ts';
import { AUTHORIZATION_POLICIES } from '../collections.ts';
import { type Labels, listOf, objectOf, textOf } from '../lenient.ts';
import { scopeOf } from '../policy-scope.ts';
import { MESH, settings } from '../settings.ts';
import { withoutNulls } from '../without-nulls.ts';
import { type OperationPart, operationPartOf } from './operation-match.ts';
import { type NamingContext, sourceMatchOf } from './source-match.ts';

/** What an AuthorizationPolicy says, in the model's words and before it is cut to ports. */
export interface AuthorizationPart extends Aged {
  readonly action: 'allow' | 'deny' | 'audit';
  readonly mode: 'enforce' | 'dry-run';
  readonly rules: readonly RulePart[];
  /** Present where the policy selects pods: labels that they need. */
  readonly labels?: Labels;
}

/** One rule. */
export interface RulePart {
  readonly name: string;
  /** Empty: anybody. */
  readonly from: readonly SourceMatch[];
  /** Empty: anything. */
  readonly to: readonly OperationPart[];
}

/** What the AuthorizationPolicy `namespace/name` says; the barrier behind which changes of its status stay. */
export const authorizationPart: Derivation<AuthorizationPart | undefined> = {
  name: 'authorizationPart',
  compute(read, key) {
    const policy = withoutNulls(read.get(AUTHORIZATION_POLICIES, key));
    const spec = objectOf(policy?.spec);
    const action = textOf(spec?.action)?.toLowerCase();
    if (policy === undefined || spec === undefined) return undefined;
    if (action !== 'allow' && action !== 'deny' && action !== 'audit') return undefined;
    const { trustDomain } = read.derived(settings, MESH);
    const scope = scopeOf(policy);
    return {
      ...ageOf(policy),
      action,
      mode: spec.mode === 'DryRun' ? 'dry-run' : 'enforce',
      rules: rulesOf(policy, { trustDomain, namespace: policy.metadata.namespace ?? '' }),
      ...(scope.kind === 'pods' ? { labels: scope.labels } : {}),
    };
  },
};

/** A rule is called by its name, or by its place where it has none or another rule has it already. */
function rulesOf(policy: AuthorizationPolicy, context: NamingContext): readonly RulePart[] {
  const names = new Set<string>();
  return listOf(policy.spec.rules).flatMap((rule, index) => {
    const given = textOf(rule.name);
    const name = given === undefined || names.has(given) ? `rules[${index}]` : given;
    names.add(name);
    const parts = ruleOf(rule, context);
    return parts === undefined ? [] : [{ name, ...parts }];
  });
}

/** A rule of whose entries none can be read fits nothing. */
function ruleOf(rule: AuthorizationPolicyRule, context: NamingContext): Pick<RulePart, 'from' | 'to'> | undefined {
  const from = listOf(rule.from).flatMap((entry) => sourceMatchOf(entry, context) ?? []);
  const to = listOf(rule.to).flatMap((entry) => operationPartOf(entry) ?? []);
  const isUnreadable = (rule.from !== undefined && from.length === 0) || (rule.to !== undefined && to.length === 0);
  return isUnreadable ? undefined : { from, to };
}
