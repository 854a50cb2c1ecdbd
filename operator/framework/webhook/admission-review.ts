import { isJsonObject, type JsonObject } from '../api/json.ts';
import type { KubernetesObject } from '../api/object.ts';
import type { JsonPatch } from './json-patch.ts';

/** What the API server asks about one write (`request` of admission.k8s.io/v1 AdmissionReview). */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  /** Absent for what is in no namespace. */
  readonly namespace?: string;
  /** Absent or empty when the server chooses it later. */
  readonly name?: string;
  readonly userInfo: { readonly username?: string; readonly uid?: string; readonly groups?: readonly string[] };
  /** Nothing will be stored: whoever answers must leave no trace either. */
  readonly dryRun: boolean;
  /** The object as it is to be; absent for DELETE. */
  readonly object?: KubernetesObject;
  /** The object as it was; absent for CREATE. */
  readonly oldObject?: KubernetesObject;
}

/** The answer to an {@link AdmissionRequest}. Warnings are shown to whoever writes; keep them under 120 characters. */
export type AdmissionVerdict =
  | {
      readonly kind: 'allow';
      /** What is changed first. Default: nothing. */
      readonly patch?: JsonPatch;
      readonly warnings?: readonly string[];
      /** Goes into the audit log, each under `<name of the webhook>/<key>`. */
      readonly auditAnnotations?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'deny';
      readonly message: string;
      /** Status code of the answer to whoever writes. Default: 403. */
      readonly code?: number;
      readonly warnings?: readonly string[];
    };

/** A text that is no review. */
export class InvalidReviewError extends Error {
  override readonly name = 'InvalidReviewError';
}

const API_VERSION = 'admission.k8s.io/v1';
const OPERATIONS: ReadonlySet<unknown> = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);

/** Reads a review. Throws {@link InvalidReviewError}. */
export function parseAdmissionReview(text: string): AdmissionRequest {
  const review = parsed(text);
  if (!isJsonObject(review) || review['apiVersion'] !== API_VERSION || review['kind'] !== 'AdmissionReview') {
    throw new InvalidReviewError(`expected an AdmissionReview of ${API_VERSION}`);
  }
  const { request } = review;
  if (!isJsonObject(request)) throw new InvalidReviewError('the review has no request');
  const { uid, operation, kind, resource, userInfo, object, oldObject, dryRun } = request;
  if (typeof uid !== 'string' || uid === '') throw new InvalidReviewError('the request has no uid');
  if (!OPERATIONS.has(operation)) throw new InvalidReviewError('the request has no operation');
  if (!isJsonObject(kind) || !isJsonObject(resource))
    throw new InvalidReviewError('the request does not name its kind');
  return {
    ...request,
    uid,
    dryRun: dryRun === true,
    userInfo: isJsonObject(userInfo) ? userInfo : {},
    ...objectIn('object', object),
    ...objectIn('oldObject', oldObject),
  } as unknown as AdmissionRequest;
}

/** The review with the answer, as JSON. */
export function formatAdmissionReview(uid: string, verdict: AdmissionVerdict): string {
  return JSON.stringify({ apiVersion: API_VERSION, kind: 'AdmissionReview', response: responseOf(uid, verdict) });
}

function responseOf(uid: string, verdict: AdmissionVerdict): JsonObject {
  const warnings =
    verdict.warnings === undefined || verdict.warnings.length === 0 ? {} : { warnings: verdict.warnings };
  if (verdict.kind === 'deny') {
    const { code = 403, message } = verdict;
    return { uid, allowed: false, status: { code, message }, ...warnings };
  }
  const { auditAnnotations, patch = [] } = verdict;
  return {
    uid,
    allowed: true,
    ...warnings,
    ...(auditAnnotations === undefined ? {} : { auditAnnotations }),
    ...(patch.length === 0
      ? {}
      : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidReviewError('the body is no JSON', { cause });
  }
}

/** The API server sends null for what there is not. */
function objectIn(field: 'object' | 'oldObject', value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return { [field]: undefined };
  if (!isJsonObject(value)) throw new InvalidReviewError(`${field} is no object`);
  return { [field]: value };
}
