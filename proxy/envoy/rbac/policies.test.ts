import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthorizationPolicy, AuthorizationRule } from '../../model/index.ts';
import { decisions, needRequests } from './policies.ts';
import { NOTHING, not } from './principal.ts';

const policy = (
  action: AuthorizationPolicy['action'],
  name: string,
  rules: readonly Partial<AuthorizationRule>[],
  mode: AuthorizationPolicy['mode'] = 'enforce',
): AuthorizationPolicy => ({
  source: { kind: 'AuthorizationPolicy', namespace: 'shop', name },
  action,
  mode,
  rules: rules.map((rule, index) => ({ name: `rules[${index}]`, from: [], to: [], ...rule })),
});
const to = (methods: readonly string[]) => ({
  to: [{ hosts: [], notHosts: [], methods, notMethods: [], paths: [], notPaths: [], headers: [] }],
});
const names = (rules: { policies?: object } | undefined) => Object.keys(rules?.policies ?? {});

test('no policies decide nothing', () => {
  assert.deepEqual(decisions([], 'http'), {});
});

test('each Deny rule is named, and so is whatever no Allow rule lets through', () => {
  const made = decisions(
    [policy('allow', 'b', [{}]), policy('deny', 'z', [{}, {}]), policy('allow', 'a', [to(['GET'])])],
    'http',
  );
  assert.deepEqual(names(made.enforced), ['deny:shop/z[rules[0]]', 'deny:shop/z[rules[1]]', 'no-allow:shop/a,shop/b']);
  assert.deepEqual(names(made.allowed), ['allow:shop/a[rules[0]]', 'allow:shop/b[rules[0]]']);
  assert.equal(made.dryRun, undefined);
});

test('an Allow policy without rules closes the port', () => {
  const { enforced } = decisions([policy('allow', 'a', [])], 'http');
  assert.deepEqual(enforced?.policies?.['no-allow:shop/a']?.principals, [not(NOTHING)]);
});

test('a dry run is judged as if it were in force beside what is', () => {
  const made = decisions([policy('allow', 'now', [{}]), policy('allow', 'soon', [], 'dry-run')], 'http');
  assert.deepEqual(names(made.enforced), ['no-allow:shop/now']);
  assert.deepEqual(names(made.dryRun), ['no-allow:shop/now,shop/soon']);
  assert.deepEqual(names(decisions([policy('deny', 'd', [{}], 'dry-run')], 'http').dryRun), ['deny:shop/d[rules[0]]']);
});

test('rules of the same name are one entry that loses neither', () => {
  const made = decisions(
    [
      policy('deny', 'd', [
        { name: 'x', ...to(['GET']) },
        { name: 'x', ...to(['PUT']) },
      ]),
    ],
    'http',
  );
  assert.deepEqual(names(made.enforced), ['deny:shop/d[x]']);
  const [principal] = made.enforced?.policies?.['deny:shop/d[x]']?.principals ?? [];
  assert.equal(principal?.identifier?.case, 'orIds');
});

test('where only connections can be told apart, rules about requests match nothing', () => {
  const policies = [policy('allow', 'a', [to(['GET'])]), policy('deny', 'd', [to(['GET']), {}])];
  assert.equal(needRequests(policies), true);
  assert.equal(needRequests([policy('deny', 'd', [{}])]), false);
  const { enforced } = decisions(policies, 'tcp');
  assert.deepEqual(names(enforced), ['deny:shop/d[rules[1]]', 'no-allow:shop/a']);
  assert.deepEqual(enforced?.policies?.['no-allow:shop/a']?.principals, [not(NOTHING)]);
});

test('an audit is named, and decides nothing', () => {
  const { audit, enforced } = decisions([policy('audit', 'w', [{}])], 'http');
  assert.deepEqual(names(audit), ['audit:shop/w[rules[0]]']);
  assert.equal(enforced, undefined);
});

test('the order of policies and of their rules means nothing', () => {
  const policies = [policy('allow', 'a', [to(['GET'])]), policy('allow', 'b', [{}]), policy('deny', 'd', [{}])];
  assert.deepEqual(decisions(policies.toReversed(), 'http'), decisions(policies, 'http'));
});
