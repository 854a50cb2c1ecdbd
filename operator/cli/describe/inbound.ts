import type { AuthorizationPolicy, InboundPolicy, Workload } from '@dot-kube/proxy/model';
import {
  inboundOf,
  type EffectiveInbound,
  type WorkloadPolicy,
  workloadModel,
  workloadPolicy,
} from '../../build/index.ts';
import type { DerivedGraph } from '../../framework/derive/index.ts';
import { layerOf, sourceText } from './applied.ts';
import type { EffectiveAuthorization, EffectiveField, InboundDescription } from './description.ts';
import { operationText, sourcesText } from './rule-text.ts';

/** What holds for the ports of the pods of a class; of some ports alone where they are given. */
export function inboundDescriptions(
  graph: DerivedGraph,
  classKey: string,
  only?: readonly number[],
): readonly InboundDescription[] {
  const workload: Workload | undefined = graph.peek(workloadModel, classKey);
  if (workload === undefined) return [];
  const policy = graph.peek(workloadPolicy, classKey);
  const ports = workload.ports.filter(({ port }) => only === undefined || only.includes(port));
  const described = ports.map(({ port, protocol, ...inbound }) =>
    description(graph, port, protocol, inboundOf(policy, port), inbound),
  );
  return only === undefined ? [...described, other(graph, policy, workload)] : described;
}

function other(graph: DerivedGraph, policy: WorkloadPolicy, workload: Workload): InboundDescription {
  return description(graph, 'other', 'sniff', policy.other, workload.other);
}

function description(
  graph: DerivedGraph,
  port: InboundDescription['port'],
  protocol: string,
  { abort, delay, mtls }: EffectiveInbound,
  { authorization }: Pick<InboundPolicy, 'authorization'>,
): InboundDescription {
  const field = (
    name: string,
    said: EffectiveInbound['mtls'] | EffectiveInbound['abort'] | EffectiveInbound['delay'],
  ) => (said === undefined ? [] : [effectiveField(graph, name, said.value, said.source)]);
  return {
    port,
    protocol,
    fields: [...field('mtls.mode', mtls), ...field('fault.delay', delay), ...field('fault.abort', abort)],
    authorization: authorization.map((each) => authorizationOf(graph, each)),
    mayCall: mayCall(authorization),
  };
}

/** A field with who said so. */
export function effectiveField(
  graph: DerivedGraph,
  field: string,
  value: unknown,
  source: EffectiveInbound['mtls']['source'],
): EffectiveField {
  const layer = layerOf(graph, source);
  return { field, value, layer, ...(source === undefined ? {} : { source: sourceText(source) }) };
}

function authorizationOf(graph: DerivedGraph, policy: AuthorizationPolicy): EffectiveAuthorization {
  const { action, mode, rules, source } = policy;
  return {
    source: sourceText(source),
    layer: layerOf(graph, source),
    action,
    mode,
    rules: rules.map(({ from, name, to }) => ({ name, from: sourcesText(from), to: operationText(to) })),
  };
}

/** Without any Allow policy everybody may call whom no Deny policy fits; with one, whom a rule of it fits. */
export function mayCall(policies: readonly AuthorizationPolicy[]): InboundDescription['mayCall'] {
  const enforced = policies.filter(({ mode }) => mode === 'enforce');
  const allow = enforced.filter(({ action }) => action === 'allow');
  if (allow.length > 0) return allow.some(({ rules }) => rules.length > 0) ? 'by-rules' : 'nobody';
  return enforced.some(({ action }) => action === 'deny') ? 'by-rules' : 'anybody';
}
