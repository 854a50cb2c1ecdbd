// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
export * from './shared.ts';
export * from './authorization-policy.ts';
export * from './mesh-policy.ts';
export * from './traffic-split.ts';
