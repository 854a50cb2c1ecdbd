export {
  AUTHORIZATION_POLICIES,
  COLLECTIONS,
  ENDPOINT_SLICES,
  MESH_POLICIES,
  NAMESPACES,
  NODES,
  PODS,
  SERVICES,
  SETTINGS,
  TRAFFIC_SPLITS,
} from './collections.ts';
export { elsewhere } from './elsewhere.ts';
export { endpointSets } from './endpoint-sets.ts';
export { type GeneratedNetworkPolicy, namespaceNetworkPolicies } from './network-policy/index.ts';
export { classKeyOf, INJECTION_STATUS, isAlive, isMeshed, PROXY_CONTAINER, serviceAccountOf } from './pod-class.ts';
export { podFacts, type PodFacts } from './pod-facts.ts';
export { callerPolicy, type CallerPolicy, type Effective, type FieldConflict } from './policy/caller-policy.ts';
export { type EffectiveInbound, inboundOf, workloadPolicy, type WorkloadPolicy } from './policy/workload-policy.ts';
export { MESH_NAMESPACE, type PolicyScope, scopeOf } from './policy-scope.ts';
export { serviceModel } from './service-model.ts';
export { MESH, settings } from './settings.ts';
export { policyFindings, policyStatus, type PolicyStatus, policyStatusKeys } from './status/policy-status.ts';
export { serviceFindings } from './status/service-findings.ts';
export { workloadModel } from './workload-model.ts';
