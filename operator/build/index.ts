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
export { classKeyOf, INJECTION_STATUS, isMeshed, PROXY_CONTAINER } from './pod-class.ts';
export { serviceModel } from './service-model.ts';
export { MESH } from './settings.ts';
export { workloadModel } from './workload-model.ts';
