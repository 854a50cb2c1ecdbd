import { createHash } from 'node:crypto';
import { isAlreadyExists } from '../api/api-error.ts';
import type { Api } from '../api/api.ts';
import type { KubernetesObject } from '../api/object.ts';
import { apiVersionOf } from '../api/resource-kind.ts';
import { type Clock, rfc3339Micro, systemClock } from '../clock.ts';
import { type Logger, silentLogger } from '../log.ts';
import { type Event, EVENT, type EventInput, subjectOf } from './events.ts';

/** What an {@link EventRecorder} can be told. */
export interface EventRecorderOptions {
  readonly api: Api;
  /** The name of the controller, such as `example.com/widget-operator`. */
  readonly controller: string;
  /** The name of this replica, such as the pod's. */
  readonly instance: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

interface Series {
  readonly event: Event;
  count: number;
  seenAt: number;
  writtenAt: number;
}

/** The same thing after so long is a new event, in milliseconds (as client-go has it). */
const SERIES_END = 360_000;
/** A repetition is written at most so often, in milliseconds. */
const SERIES_WRITE = 60_000;
/** So many series are remembered. */
const MAX_SERIES = 1000;
const MAX_NOTE_BYTES = 1024;

/** Writes events; the same thing said again becomes a series of one event. Failures are logged and nothing more. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #series = new Map<string, Series>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
  }

  /** Says something of an object. Returns at once; events are written one after the other. */
  record(object: KubernetesObject, input: EventInput): void {
    const now = this.#clock.monotonic();
    const key = JSON.stringify([subjectOf(object), input.type, input.reason, input.action, input.note]);
    const known = this.#series.get(key);
    if (known !== undefined && now - known.seenAt < SERIES_END) return this.#repeat(known, now);
    const event = this.#eventOf(object, input, `${this.#options.instance} ${rfc3339Micro(this.#clock.now())} ${key}`);
    this.#series.delete(key);
    this.#series.set(key, { event, count: 1, seenAt: now, writtenAt: now });
    const [oldest] = this.#series.keys();
    if (this.#series.size > MAX_SERIES && oldest !== undefined) this.#series.delete(oldest);
    this.#last = this.#write(event, this.#last);
  }

  /**
   * Says something of an object that is said only once, whoever says it and however often: by this replica, by another one, or
   * by this one after a restart. Once the API server has dropped the event (by default after an hour) it may be said again.
   */
  recordOnce(object: KubernetesObject, input: EventInput): void {
    const key = JSON.stringify([subjectOf(object), input.type, input.reason, input.action, input.note]);
    const event = this.#eventOf(object, input, key);
    this.#last = this.#create(event, this.#last);
  }

  /** Resolves when everything that was said so far is written, or has failed. */
  flush(): Promise<void> {
    return this.#last;
  }

  #repeat(series: Series, now: number): void {
    series.count++;
    series.seenAt = now;
    if (now - series.writtenAt < SERIES_WRITE) return;
    series.writtenAt = now;
    const lastObservedTime = rfc3339Micro(this.#clock.now());
    const repeated = { ...series.event, series: { count: series.count, lastObservedTime } };
    this.#last = this.#write(repeated, this.#last);
  }

  async #write(event: Event, before: Promise<void>): Promise<void> {
    const { api, controller } = this.#options;
    const fieldManager = controller.replaceAll('/', '-').slice(0, 128);
    await before;
    try {
      await api.apply(EVENT, event, { fieldManager, force: true });
    } catch (thrown) {
      this.#logger.warn('an event could not be written', { reason: event.reason, error: thrown });
    }
  }

  async #create(event: Event, before: Promise<void>): Promise<void> {
    await before;
    try {
      await this.#options.api.create(EVENT, event);
    } catch (thrown) {
      if (isAlreadyExists(thrown)) return;
      this.#logger.warn('an event could not be written', { reason: event.reason, error: thrown });
    }
  }

  /** What makes the name of an event is what makes it another one. */
  #eventOf(object: KubernetesObject, input: EventInput, identity: string): Event {
    const { controller, instance } = this.#options;
    const eventTime = rfc3339Micro(this.#clock.now());
    const regarding = subjectOf(object);
    const id = createHash('sha256').update(identity).digest('hex').slice(0, 16);
    return {
      apiVersion: apiVersionOf(EVENT),
      kind: EVENT.kind,
      // Events of cluster-scoped objects live in `default`.
      metadata: { namespace: regarding.namespace ?? 'default', name: `${regarding.name.slice(0, 200)}.${id}` },
      eventTime,
      reportingController: controller,
      reportingInstance: instance.slice(0, 128),
      action: input.action ?? 'Reconcile',
      reason: input.reason,
      type: input.type,
      note: cut(input.note),
      regarding,
    };
  }
}

function cut(note: string): string {
  const bytes = Buffer.from(note);
  return bytes.length <= MAX_NOTE_BYTES
    ? note
    : `${bytes
        .subarray(0, MAX_NOTE_BYTES - 4)
        .toString('utf8')
        .replace(/\uFFFD$/, '')}…`;
}
