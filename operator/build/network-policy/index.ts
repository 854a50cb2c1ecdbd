export { type GeneratedNetworkPolicy, namespaceNetworkPolicies } from './namespace-network-policies.ts';
export { EXCLUDE_INBOUND_PORTS, SERVICE_ACCOUNT_LABEL, serviceAccountLabel } from './pod-marks.ts';
