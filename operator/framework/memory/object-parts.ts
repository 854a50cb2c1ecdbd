import { ApiError, REASON } from '../api/api-error.ts';
import { isJsonObject, type JsonObject, jsonClone } from '../api/json.ts';
import type { KubernetesObject, ObjectMeta } from '../api/object.ts';
import { apiVersionOf, type ResourceKind, resourceNameOf } from '../api/resource-kind.ts';

/** Which part of an object a request writes: all but the status, or the status alone. */
export type Door = 'main' | 'status';

/** The metadata that nobody owns: it names the object or is the server's own. */
const SYSTEM_METADATA: ReadonlySet<string> = new Set([
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** The fields of an object that can be written through a door and owned. */
export function writableFields(object: KubernetesObject, door: Door): JsonObject {
  const { apiVersion: _, kind: __, metadata, status, ...rest } = object;
  if (door === 'status') return status === undefined ? {} : { status };
  const own = Object.entries(metadata).filter(([name]) => !SYSTEM_METADATA.has(name));
  return own.length === 0 ? rest : { ...rest, metadata: Object.fromEntries(own) };
}

/** The object that has these fields where the door leads to, and is `base` elsewhere. */
export function withWritableFields(base: KubernetesObject, fields: JsonObject, door: Door): KubernetesObject {
  const { apiVersion, kind, metadata, status } = base;
  if (door === 'status') {
    const { status: _, ...rest } = base;
    return { ...rest, ...fields };
  }
  const system = Object.entries(metadata).filter(([name]) => SYSTEM_METADATA.has(name));
  const written = isJsonObject(fields['metadata']) ? fields['metadata'] : {};
  // Labels, annotations, finalizers and owners that are empty are not stored.
  const own = Object.fromEntries(Object.entries(written).filter(([, value]) => !isEmpty(value)));
  return {
    ...fields,
    apiVersion,
    kind,
    metadata: { ...(Object.fromEntries(system) as unknown as ObjectMeta), ...own },
    ...(status === undefined ? {} : { status }),
  };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

/** The fields whose change makes a new generation: all but metadata and status. */
export function generationFields(object: KubernetesObject): JsonObject {
  const { apiVersion: _, kind: __, metadata: ___, status: ____, ...rest } = object;
  return rest;
}

/** A copy of what was sent, checked against its kind as the API server checks it. */
export function acceptObject(kind: ResourceKind, sent: KubernetesObject): KubernetesObject {
  const object = jsonClone(sent);
  const expected = apiVersionOf(kind);
  if (object.apiVersion !== expected) {
    const data = `the API version in the data (${object.apiVersion})`;
    throw badRequest(`${data} does not match the expected API version (${expected})`);
  }
  if (object.kind !== kind.kind) {
    throw invalid(kind, object.metadata.name, ['kind'], `${JSON.stringify(object.kind)}: must be ${kind.kind}`);
  }
  const { namespace } = object.metadata;
  if (kind.namespaced && (namespace === undefined || namespace === '')) {
    throw badRequest(`an empty namespace may not be set for the namespaced ${resourceNameOf(kind)}`);
  }
  if (!kind.namespaced && namespace !== undefined) {
    throw badRequest(`namespace may not be set for the cluster-scoped ${resourceNameOf(kind)}`);
  }
  return object;
}

/** Refuses what is no name of an object: a DNS subdomain, or for RBAC anything that can stand in a path. */
export function checkName(kind: ResourceKind, name: string): void {
  const isPathLike = kind.group === 'rbac.authorization.k8s.io';
  const isName = isPathLike ? name !== '' && !/[/%]|^\.{1,2}$/.test(name) : SUBDOMAIN.test(name);
  if (isName && name.length <= 253) return;
  const must = 'a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "-" or "."';
  throw invalid(
    kind,
    name,
    ['metadata.name'],
    name === '' ? '"": name or generateName is required' : `${JSON.stringify(name)}: ${must}`,
  );
}

/** The error of fields that may not have this value. */
export function invalid(kind: ResourceKind, name: string, fields: readonly string[], value: string): ApiError {
  const message = `Invalid value: ${value}`;
  const causes = fields.map((field) => ({ reason: 'FieldValueInvalid', message, field }));
  return new ApiError({
    code: 422,
    reason: REASON.invalid,
    message: `${kind.kind}.${kind.group} ${JSON.stringify(name)} is invalid: ${fields.join(', ')}: ${message}`,
    details: { name, group: kind.group, kind: kind.kind, causes },
  });
}

/** Whether a kind comes from a CRD, as far as its group tells. */
export function isCustomKind(kind: ResourceKind): boolean {
  if (kind.group === 'gateway.networking.k8s.io') return true;
  return kind.group.includes('.') && !kind.group.endsWith('.k8s.io');
}

/** The error of an object that is not there. */
export function notFound(kind: ResourceKind, name: string): ApiError {
  return refusal(kind, name, 404, REASON.notFound, `${resourceNameOf(kind)} ${JSON.stringify(name)} not found`);
}

/** The error of an object that is there already. */
export function alreadyExists(kind: ResourceKind, name: string): ApiError {
  const message = `${resourceNameOf(kind)} ${JSON.stringify(name)} already exists`;
  return refusal(kind, name, 409, REASON.alreadyExists, message);
}

/** The error of a write that is based on something else than what is stored. */
export function conflict(kind: ResourceKind, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${resourceNameOf(kind)} ${JSON.stringify(name)}: ${why}`;
  return refusal(kind, name, 409, REASON.conflict, message);
}

/** The error of a request that makes no sense. */
export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: REASON.badRequest, message });
}

function refusal(kind: ResourceKind, name: string, code: number, reason: string, message: string): ApiError {
  return new ApiError({ code, reason, message, details: { name, group: kind.group, kind: kind.plural } });
}
