import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Pod } from '../../../operator/api/index.ts';
import { classKeyOf } from '../../../operator/build/index.ts';
import { compile, type Compiled } from '../../../operator/build/testing/compile.ts';
import { networkPolicyObject } from '../../../operator/controllers/network-policies/network-policy-object.ts';
import {
  type EvaluatedCase,
  type EvaluatedPeer,
  type Evaluation,
  evaluateNetworkPolicies,
} from '../../tools/network-policy-evaluator.ts';
import { judge } from '../envoy/authorization/oracle.ts';
import { type Case, objectsOf, OUTSIDE, PORTS, sampleCases } from './cases.ts';
import { accountOf, addressOf, type Caller, isMeshed, shouldBeLetIn } from './oracle.ts';

const CASES = 500;
const SEED = 4;

describe('generated NetworkPolicies, by an independent evaluator,', () => {
  const cases = sampleCases(CASES, SEED);
  const compiled = cases.map((each) => compile(objectsOf(each)));
  let evaluations: readonly Evaluation[];

  before(async () => {
    evaluations = await evaluateNetworkPolicies(cases.map((each, index) => evaluatedCase(each, compiled[index]!)));
  });

  test(`let in what the policies say of connections, and nothing else, in ${CASES} random cases`, () => {
    const seen = { in: 0, out: 0, policies: 0 };
    for (const [index, each] of cases.entries()) {
      seen.policies += policiesOf(compiled[index]!).length;
      for (const { from, to, port, isIn } of connections(each, evaluations[index]!)) {
        const should = shouldBeLetIn(each, from, to, port);
        if (isIn !== should)
          assert.fail(`${should ? 'kept out' : 'let in'}: ${told(index, each, compiled[index]!, from, to, port)}`);
        seen[isIn ? 'in' : 'out'] += 1;
      }
    }
    assert.ok(seen.policies > CASES && seen.in > 20_000 && seen.out > 20_000, JSON.stringify(seen));
  });

  test('let in every connection with a request that the proxy lets in', () => {
    let requests = 0;
    for (const [index, each] of cases.entries()) {
      for (const { from, to, port, isIn } of connections(each, evaluations[index]!)) {
        if (isIn || !isMeshed(to)) continue;
        for (const asked of requestsOf(from)) {
          requests += 1;
          if (!isLetIn(compiled[index]!, to, port, asked)) continue;
          assert.fail(`${JSON.stringify(asked)}: ${told(index, each, compiled[index]!, from, to, port)}`);
        }
      }
    }
    assert.ok(requests > 20_000, `${requests}`);
  });
});

interface Request {
  readonly peer: string | undefined;
  readonly address: string;
  readonly method: string;
  readonly path: string;
}

/** What a caller may ask: as itself, and in plain text, which a pod can send past its proxy. */
function requestsOf(from: Caller): readonly Request[] {
  const address = typeof from === 'string' ? from : addressOf(from);
  const own =
    typeof from !== 'string' && isMeshed(from)
      ? [`spiffe://cluster.local/ns/${from.metadata.namespace}/sa/${accountOf(from)}`]
      : [];
  return [undefined, ...own].flatMap((peer) =>
    ['GET', 'DELETE', 'PUT'].flatMap((method) => ['/a', '/bb', '/c'].map((path) => ({ peer, address, method, path }))),
  );
}

/** What the proxy of a pod does with a request, by the model that it is given. */
function isLetIn({ workloads }: Compiled, to: Pod, port: number, request: Request): boolean {
  const workload = workloads.get(classKeyOf(to));
  if (workload === undefined) return true;
  const { mtls, authorization } = workload.ports.find((each) => each.port === port) ?? workload.other;
  if (request.peer === undefined ? mtls === 'strict' : mtls === 'disabled') return false;
  return judge(authorization, { ...request, host: 'h', headers: {} }).allowed;
}

function evaluatedCase(each: Case, result: Compiled): EvaluatedCase {
  return {
    policies: policiesOf(result),
    from: callersOf(each).map((caller) => (typeof caller === 'string' ? { ip: caller } : peerOf(caller))),
    to: each.pods.map(peerOf),
    ports: PORTS.map((number) => ({ number, protocol: 'TCP' })),
  };
}

function policiesOf({ networkPolicies }: Compiled): EvaluatedCase['policies'] {
  return [...networkPolicies.values()].flat().map((generated) => networkPolicyObject(generated, () => undefined));
}

function callersOf({ pods }: Case): readonly Caller[] {
  return [...pods, ...OUTSIDE];
}

function peerOf(pod: Pod): EvaluatedPeer {
  const { namespace = '', labels = {} } = pod.metadata;
  return { ip: addressOf(pod), namespace, namespaceLabels: { 'kubernetes.io/metadata.name': namespace }, labels };
}

function* connections(each: Case, evaluation: Evaluation) {
  for (const [caller, from] of callersOf(each).entries()) {
    for (const [called, to] of each.pods.entries()) {
      for (const [at, port] of PORTS.entries()) yield { from, to, port, isIn: evaluation(caller, called, at) };
    }
  }
}

function told(index: number, each: Case, result: Compiled, from: Caller, to: Pod, port: number): string {
  const caller = typeof from === 'string' ? from : JSON.stringify([from.metadata, from.spec, from.status?.podIP]);
  const policies = policiesOf(result).filter(({ metadata }) => metadata.namespace === to.metadata.namespace);
  return [
    `case ${index}: from ${caller}`,
    `to ${JSON.stringify([to.metadata, to.spec])} port ${port}`,
    ...[...each.services, ...each.authorization, ...each.mesh].map((object) =>
      JSON.stringify([object.metadata, object.spec]),
    ),
    ...policies.map(({ metadata, spec }) => `${metadata.namespace} ${JSON.stringify(spec)}`),
  ].join('\n');
}
