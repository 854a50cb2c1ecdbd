export * from './mesh-cluster.ts';
export * from './mesh-objects.ts';
export * from './operator-process.ts';
export * from './proxy-process.ts';
export * from './pod-network.ts';
export * from './mesh-pod.ts';
export * from './forwarder.ts';
export * from './bookstore.ts';
