import type { Condition } from '../../framework/status/conditions.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { fieldOf } from '../../framework/api/json.ts';
import type { ProxySync } from '../../controllers/proxies/proxy-sync.ts';

export type { ProxySync, TypeSync } from '../../controllers/proxies/proxy-sync.ts';

/** What `dotkube status` tells. */
export interface StatusReport {
  readonly objects: readonly ObjectStatus[];
  /** Absent where nobody can be asked. */
  readonly proxies?: readonly ProxySync[];
  /** Of the local mode: where each replica can be reached. */
  readonly replicas?: readonly ReplicaReport[];
  /** What is not known, and why. */
  readonly notes?: readonly string[];
}

/** One replica of the local mode, for those who want to look closer. */
export interface ReplicaReport {
  /** `namespace/pod`. */
  readonly pod: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  /** Why it is not ready. */
  readonly why: string;
  readonly meshed: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Its pod address: where others call it. */
  readonly address: string;
  /** `host:port` where the application itself listens, past its proxy; the host alone where it declares no port. */
  readonly application: string;
  /** `host:port` of its proxy's admin interface. */
  readonly admin?: string;
  readonly processes: readonly number[];
}

/** Where an object of ours stands. */
export interface ObjectStatus {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  /** Those of the object's own generation; one of an older generation is `Unknown`. */
  readonly conditions: readonly ConditionState[];
  readonly proxies?: { readonly total: number; readonly programmed: number; readonly rejected: number };
}

/** A condition without its times. */
export interface ConditionState {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** The three conditions that say all: whether it is taken, complete, and in force. */
export const SHOWN_CONDITIONS = ['Accepted', 'ResolvedRefs', 'Programmed'] as const;

/** Where an object stands, by what its status says of its present generation. Sorted callers get sorted reports. */
export function objectStatus(object: KubernetesObject): ObjectStatus {
  const { generation = 0, name, namespace = '' } = object.metadata;
  const conditions = fieldOf(object.status, 'conditions');
  const known = new Map((Array.isArray(conditions) ? (conditions as Condition[]) : []).map((one) => [one.type, one]));
  const counts = fieldOf(object.status, 'proxies');
  return {
    kind: object.kind,
    namespace,
    name,
    generation,
    conditions: SHOWN_CONDITIONS.map((type) => stateOf(type, known.get(type), generation)),
    ...(counts === undefined ? {} : { proxies: countsOf(counts) }),
  };
}

/** Sorted by namespace, kind and name. */
export function objectStatuses(objects: readonly KubernetesObject[]): readonly ObjectStatus[] {
  return objects.map(objectStatus).sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** Whether an object is in force as it is now. */
export function isProgrammed(status: ObjectStatus): boolean {
  return status.conditions.every((condition) => condition.status === 'True');
}

function stateOf(type: string, condition: Condition | undefined, generation: number): ConditionState {
  if (condition === undefined || (condition.observedGeneration ?? generation) !== generation)
    return { type, status: 'Unknown', reason: 'Pending', message: 'nobody has looked at this generation yet' };
  const { message, reason, status } = condition;
  return { type, status, reason, message };
}

function countsOf(counts: unknown): NonNullable<ObjectStatus['proxies']> {
  const number = (name: string): number => {
    const value = fieldOf(counts, name);
    return typeof value === 'number' ? value : 0;
  };
  return { total: number('total'), programmed: number('programmed'), rejected: number('rejected') };
}

function sortKey({ kind, name, namespace }: ObjectStatus): string {
  return [namespace, kind, name].join('\n');
}
