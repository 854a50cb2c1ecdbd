export { type FieldSchema, listMap, mergeSchema } from './field-schema.ts';
export {
  type Admission,
  type AdmissionRequest,
  type CreateHandler,
  InMemoryApi,
  type InMemoryApiOptions,
} from './in-memory-api.ts';
