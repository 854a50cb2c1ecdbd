export * from './core.ts';
export * from './generated/index.ts';
export * from './network-policy.ts';
export type * from './structural-schema.ts';
