import type { KubernetesObject } from '../api/object.ts';
import { keyOfObject, refOf } from '../api/object.ts';
import { type Change, objectOf } from '../store/change.ts';
import type { ReadonlyStore } from '../store/store.ts';
import type { Predicate } from './predicate.ts';
import type { Request } from './reconcile.ts';

/** Takes a request in, at once or after so many milliseconds. */
export type Enqueue = (request: Request, after?: number) => void;

/** Where requests come from: starts telling, and returns what ends that. Any function of this shape will do. */
export type Source = (enqueue: Enqueue) => () => void;

/** Which requests a change leads to. */
export type Mapper<T extends KubernetesObject> = (change: Change<T>) => Iterable<Request>;

/** What {@link watches} can be told. */
export interface WatchesOptions<T extends KubernetesObject> {
  /** Default: {@link toSelf}. */
  readonly map?: Mapper<T>;
  /** Only changes that it lets through count. Default: all. */
  readonly predicate?: Predicate<T>;
}

/** The changes of a store as a source; every object that is there at the start counts as just added. */
export function watches<T extends KubernetesObject>(store: ReadonlyStore<T>, options: WatchesOptions<T> = {}): Source {
  const { map = toSelf, predicate } = options;
  return (enqueue) => {
    const tell = (change: Change<T>): void => {
      if (predicate !== undefined && !predicate(change)) return;
      for (const request of map(change)) enqueue(request);
    };
    const end = store.subscribe((changes) => changes.forEach(tell));
    for (const object of store.list()) tell({ kind: 'upsert', key: keyOfObject(object), old: undefined, new: object });
    return end;
  };
}

/** The request for the changed object itself. */
export function toSelf<T extends KubernetesObject>(change: Change<T>): Iterable<Request> {
  return [refOf(objectOf(change))];
}

/** Requests for the owners of this kind that the changed object has or had. */
export function toOwners(kind: string, apiGroup?: string): (change: Change) => Iterable<Request> {
  return fromObject((object) => {
    const { namespace, ownerReferences = [] } = object.metadata;
    const owners = ownerReferences.filter((owner) => {
      return owner.kind === kind && (apiGroup === undefined || groupOf(owner.apiVersion) === apiGroup);
    });
    return owners.map(({ name }) => (namespace === undefined ? { name } : { namespace, name }));
  });
}

/** A mapper that asks for what the object leads to now and for what it led to before, so that no loser is forgotten. */
export function fromObject<T extends KubernetesObject>(requestsOf: (object: T) => Iterable<Request>): Mapper<T> {
  return (change) => {
    const now = change.kind === 'upsert' ? [...requestsOf(change.new)] : [];
    return change.old === undefined ? now : [...now, ...requestsOf(change.old)];
  };
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
