export type { EndpointSlice, Pod, Service } from '../../../operator/api/index.ts';
export type { KubernetesObject } from '../../../operator/framework/index.ts';
