import {
  carriesHttp,
  type Fault,
  type InboundPolicy,
  type InboundPort,
  type Protocol,
  uniqueSources,
  type Workload,
} from '@dot-kube/proxy/model';
import { isDeepStrictEqual } from 'node:util';
import type { Derivation, Read } from '../framework/derive/index.ts';
import {
  type AppliedAuthorization,
  authorizationFor,
  classAuthorization,
  portsNamedBy,
} from './authorization/class-authorization.ts';
import { defined } from './defined.ts';
import { podClass } from './pod-facts.ts';
import { type EffectiveInbound, inboundOf, inboundSources, workloadPolicy } from './policy/workload-policy.ts';
import { MESH, settings } from './settings.ts';
import { serviceSource } from './sources.ts';
import { type DeclaredPort, workloadPorts } from './workload-ports.ts';

/** What the proxies of the pods of a class take in; nothing where the class has no pod left. */
export const workloadModel: Derivation<Workload | undefined> = {
  name: 'workloadModel',
  compute(read, key) {
    const pods = read.derived(podClass, key);
    if (pods === undefined) return undefined;
    const { trustDomain } = read.derived(settings, MESH);
    const policies = read.derived(classAuthorization, key);
    const policy = read.derived(workloadPolicy, key);
    const other = inboundPolicy(policy.other, policies, undefined, 'sniff', []);
    return {
      key,
      identity: { trustDomain, namespace: pods.namespace, serviceAccount: pods.serviceAccount },
      ports: [...declaredPorts(read, key, policies), ...policyPorts(read, key, policies, other)].sort(
        (a, b) => a.port - b.port,
      ),
      other,
    };
  },
};

function declaredPorts(read: Read, key: string, policies: readonly AppliedAuthorization[]): readonly InboundPort[] {
  const policy = read.derived(workloadPolicy, key);
  return read.derived(workloadPorts, key).map(({ port, protocol, services }) => ({
    port,
    protocol,
    ...inboundPolicy(inboundOf(policy, port), policies, port, protocol, services),
  }));
}

/** Ports that only a policy names, and for which something else holds than for all others. */
function policyPorts(
  read: Read,
  key: string,
  policies: readonly AppliedAuthorization[],
  other: InboundPolicy,
): readonly InboundPort[] {
  const policy = read.derived(workloadPolicy, key);
  const declared = new Set(read.derived(workloadPorts, key).map(({ port }) => port));
  const named = new Set([...policy.ports.map(({ port }) => port), ...portsNamedBy(policies)]);
  return [...named]
    .filter((port) => !declared.has(port))
    .map((port) => ({ port, ...inboundPolicy(inboundOf(policy, port), policies, port, 'sniff', []) }))
    .filter(({ port, ...inbound }) => port > 0 && !isDeepStrictEqual(inbound, other))
    .map((inbound) => ({ ...inbound, protocol: 'sniff' }));
}

function inboundPolicy(
  effective: EffectiveInbound,
  policies: readonly AppliedAuthorization[],
  port: number | undefined,
  protocol: Protocol,
  services: DeclaredPort['services'],
): InboundPolicy {
  const authorization = authorizationFor(policies, port, protocol);
  const fault = carriesHttp(protocol) ? faultOf(effective) : undefined;
  return defined<InboundPolicy>({
    mtls: effective.mtls.value,
    authorization,
    fault,
    causes: uniqueSources([
      ...services.map(serviceSource),
      ...inboundSources(effective),
      ...authorization.map(({ source }) => source),
    ]),
  });
}

function faultOf({ delay, abort }: EffectiveInbound): Fault | undefined {
  if (delay === undefined && abort === undefined) return undefined;
  return defined<Fault>({ delay: delay?.value, abort: abort?.value });
}
