export * from './core.ts';
export * from './generated/index.ts';
export type * from './structural-schema.ts';
