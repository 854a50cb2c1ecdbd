import type { StructuralSchema } from '../api/structural-schema.ts';
import { SCHEMA as AUTHORIZATION_POLICY } from './generated/authorization-policy-schema.ts';
import { validate as validateAuthorizationPolicy } from './generated/authorization-policy-validator.ts';
import { SCHEMA as MESH_POLICY } from './generated/mesh-policy-schema.ts';
import { validate as validateMeshPolicy } from './generated/mesh-policy-validator.ts';
import { SCHEMA as TRAFFIC_SPLIT } from './generated/traffic-split-schema.ts';
import { validate as validateTrafficSplit } from './generated/traffic-split-validator.ts';

/** What an Ajv validator says of one place. */
export interface SchemaError {
  /** JSON pointer. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A validator as Ajv generates it: its errors are on the function. */
export type SchemaValidator = ((object: unknown) => boolean) & { readonly errors?: readonly SchemaError[] | null };

/** What is needed to validate a kind. */
export interface KindSchema {
  readonly schema: StructuralSchema;
  readonly validate: SchemaValidator;
}

/** The API group of the kinds. */
export const GROUP = 'mesh.dot-kube.io';

/** The one version of the kinds. */
export const API_VERSION = `${GROUP}/v1alpha1`;

/** The kinds by name. */
export const KIND_SCHEMAS: ReadonlyMap<string, KindSchema> = new Map([
  ['AuthorizationPolicy', { schema: AUTHORIZATION_POLICY, validate: validateAuthorizationPolicy as SchemaValidator }],
  ['MeshPolicy', { schema: MESH_POLICY, validate: validateMeshPolicy as SchemaValidator }],
  ['TrafficSplit', { schema: TRAFFIC_SPLIT, validate: validateTrafficSplit as SchemaValidator }],
]);
