export * from './authorization.ts';
export * from './endpoint.ts';
export * from './mesh.ts';
export * from './service.ts';
export * from './source-ref.ts';
export * from './spiffe-id.ts';
export * from './traffic-policy.ts';
export * from './workload.ts';
