export { type FieldSchema, listMap, mergeSchema } from './field-schema.ts';
export { InMemoryApi } from './in-memory-api.ts';
export type * from './options.ts';
