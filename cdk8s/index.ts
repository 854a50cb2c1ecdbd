export * from './generated/authorization-policy.ts';
export * from './generated/mesh-policy.ts';
export type * from './generated/shared.ts';
export * from './generated/traffic-split.ts';
