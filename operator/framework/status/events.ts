import type { KubernetesObject } from '../api/object.ts';
import { resourceKind } from '../api/resource-kind.ts';
import { type Condition, findCondition } from './conditions.ts';

/** An event of events.k8s.io/v1. Times are RFC 3339 with microseconds. */
export interface Event extends KubernetesObject {
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly type: EventType;
  readonly note: string;
  readonly regarding: EventSubject;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

/** Whether somebody should look. */
export type EventType = 'Normal' | 'Warning';

/** What an event is about. */
export interface EventSubject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

/** What is said of an object. */
export interface EventInput {
  readonly type: EventType;
  /** CamelCase, at most 128 characters. */
  readonly reason: string;
  /** What was done or tried, CamelCase. Default: `Reconcile`. */
  readonly action?: string;
  /** For people; cut at 1,024 bytes. */
  readonly note: string;
}

/** The kind of events. */
export const EVENT = resourceKind<Event>('events.k8s.io/v1', 'Event');

/** Conditions whose being `True` is the bad news. */
const NEGATIVE: ReadonlySet<string> = new Set(['Stalled', 'Conflicted', 'Degraded']);
/** Conditions that come and go all the time. */
const NOISY: ReadonlySet<string> = new Set(['Reconciling']);

/** What there is to say about a change of conditions: each whose status or reason has changed, those that are unknown left out. */
export function transitionEvents(
  before: readonly Condition[] | undefined,
  after: readonly Condition[],
): readonly EventInput[] {
  return after.flatMap((condition) => {
    const { type, status, reason, message } = condition;
    const old = findCondition(before, type);
    const isSame = old?.status === status && old.reason === reason;
    if (isSame || NOISY.has(type) || status === 'Unknown') return [];
    const isBad = (status === 'True') === NEGATIVE.has(type);
    // That something bad never was is no news.
    if (!isBad && NEGATIVE.has(type) && old?.status !== 'True') return [];
    return [{ type: isBad ? 'Warning' : 'Normal', reason, note: message === '' ? `${type} is ${status}` : message }];
  });
}

/** The subject that an object is. */
export function subjectOf(object: KubernetesObject): EventSubject {
  const { namespace, name, uid } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
  };
}
