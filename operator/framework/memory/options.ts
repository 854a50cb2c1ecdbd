import type { KubernetesObject } from '../api/object.ts';
import type { ResourceKind } from '../api/resource-kind.ts';
import type { Clock } from '../clock.ts';
import type { FieldSchema } from './field-schema.ts';

/** What an admission hook is asked. `old` is missing on create, `object` is the last state on delete. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly kind: ResourceKind;
  readonly object: KubernetesObject;
  readonly old: KubernetesObject | undefined;
  readonly subresource: 'status' | undefined;
  readonly fieldManager: string;
  readonly dryRun: boolean;
}

/** Looks at every write before it is stored; throws an ApiError to refuse it, returns an object to store that instead. */
export type Admission = (request: AdmissionRequest) => KubernetesObject | void;

/** Answers the creation of a kind or a subresource that is not stored, such as TokenReview; `parent` is there for subresources. */
export type CreateHandler = (body: KubernetesObject, parent: KubernetesObject | undefined) => KubernetesObject;

/** What an {@link InMemoryApi} can be told; the defaults suit most uses. */
export interface InMemoryApiOptions {
  /** Default: the system's clock. */
  readonly clock?: Clock;
  readonly admission?: Admission;
  /** The structural schema of a kind, for how its lists merge on apply. Default: see `mergeSchema`. */
  readonly schemaOf?: (kind: ResourceKind) => FieldSchema | undefined;
  /** At least so many changes of each kind can be watched from the past. Default: 4096. */
  readonly historySize?: number;
  /** Whether what has lost its last owner, or its namespace, is deleted. Default: true. */
  readonly collectGarbage?: boolean;
  /** Milliseconds between the bookmarks of a watch. Default: 60,000. */
  readonly bookmarkInterval?: number;
  /** Who owns fields that are written without a field manager. Default: `unknown`. */
  readonly fieldManager?: string;
}
