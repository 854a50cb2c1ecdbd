export type * from './connection.ts';
export { HttpApi, type HttpApiOptions } from './http-api.ts';
export { inClusterConnection, isInCluster } from './in-cluster.ts';
export { kubeconfigConnection, type KubeconfigOptions } from './kubeconfig.ts';
