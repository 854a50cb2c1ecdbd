import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ConditionsInput,
  conditionsFor,
  proxyCountsFor,
  type Programming,
  type Verdict,
} from './conditions-for.ts';

const fine: Verdict = { warnings: [] };
const programmed: Programming = { kind: 'programmed', total: 3 };

function statusesOf(input: Partial<ConditionsInput>): Record<string, string> {
  const conditions = conditionsFor({ generation: 4, verdict: fine, programming: programmed, ...input });
  return Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

test('an object that every proxy acknowledged is ready', () => {
  assert.deepEqual(statusesOf({}), {
    Accepted: 'True Accepted',
    ResolvedRefs: 'True ResolvedRefs',
    Programmed: 'True Programmed',
    Ready: 'True Programmed',
    Reconciling: 'False Reconciled',
    Stalled: 'False NotStalled',
  });
});

test('an object that no proxy uses is ready, and says so', () => {
  const statuses = statusesOf({ programming: { kind: 'programmed', total: 0 } });
  assert.equal(statuses['Programmed'], 'True NoProxyUsesIt');
  assert.equal(statuses['Ready'], 'True NoProxyUsesIt');
});

test('an object that waits names the generation and who it waits for', () => {
  const programming: Programming = { kind: 'waiting', total: 6, waitingFor: ['ns/a', 'ns/b', 'ns/c', 'ns/d'] };
  const conditions = conditionsFor({ generation: 4, verdict: fine, programming });
  const message = conditions.find(({ type }) => type === 'Programmed')?.message;
  assert.equal(message, '2 of 6 proxies have acknowledged generation 4; waiting for ns/a, ns/b, ns/c and 1 more');
  assert.equal(statusesOf({ programming })['Reconciling'], 'True Pending');
});

test('an object that waits for a replica of the control plane names it', () => {
  const messageOf = (waitingFor: readonly string[]) => {
    const programming: Programming = { kind: 'waiting', total: 2, waitingFor, replicas: ['operator-1'] };
    return conditionsFor({ generation: 4, verdict: fine, programming }).find(({ type }) => type === 'Programmed')
      ?.message;
  };
  const replica = "the control plane's operator-1 to tell its proxies";
  assert.equal(messageOf([]), `2 of 2 proxies have acknowledged generation 4; waiting for ${replica}`);
  assert.equal(
    messageOf(['ns/a']),
    `1 of 2 proxies have acknowledged generation 4; waiting for ns/a, and for ${replica}`,
  );
});

test('an object that is refused is stalled and not programmed, whatever the proxies say', () => {
  const statuses = statusesOf({ verdict: { refused: { reason: 'Invalid', message: 'DK1 no' }, warnings: [] } });
  assert.equal(statuses['Accepted'], 'False Invalid');
  assert.equal(statuses['Programmed'], 'False NotAccepted');
  assert.equal(statuses['Stalled'], 'True Invalid');
});

test('a missing reference is being worked on, as the object may be in the same commit', () => {
  const unresolved = { reason: 'BackendNotFound', message: 'DK2 no Service b' };
  const statuses = statusesOf({ verdict: { unresolved, warnings: [] } });
  assert.equal(statuses['ResolvedRefs'], 'False BackendNotFound');
  assert.equal(statuses['Reconciling'], 'True BackendNotFound');
  assert.equal(statuses['Stalled'], 'False NotStalled');
});

test("a rejection carries the proxy's own words and stalls the object", () => {
  const programming: Programming = {
    kind: 'rejected',
    total: 3,
    programmed: 1,
    rejected: 1,
    message: 'table size must be prime',
  };
  const statuses = statusesOf({ programming });
  assert.equal(statuses['Programmed'], 'False RejectedByProxy');
  assert.equal(statuses['Stalled'], 'True RejectedByProxy');
  assert.deepEqual(proxyCountsFor(fine, programming), { total: 3, programmed: 1, rejected: 1 });
});
