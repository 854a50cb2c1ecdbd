import assert from 'node:assert/strict';
import { ApiError } from '../../api/api-error.ts';
import type { Api, WatchEvent } from '../../api/api.ts';
import type { KubernetesObject } from '../../api/object.ts';

/** An API to put to the test, and what can be asked of it. */
export interface ApiUnderTest {
  readonly api: Api;
  /** A namespace with nothing in it, where widgets are known. */
  readonly namespace: string;
  /** Whether something deletes what has lost its owners (the controller manager does; an API server alone does not). */
  readonly collectsGarbage: boolean;
  /** Forgets the history of all watches and lists, where that can be had. */
  readonly compact?: () => Promise<void>;
  /** How many seconds a watch must last to be sent a bookmark; left out where there are none (without a watch cache). */
  readonly bookmarkSeconds?: number;
}

/** Gives the subject, which exists only once the tests run. */
export type Subject = () => ApiUnderTest;

/** The ApiError with which something is refused; fails when it is not refused. */
export async function refusal(promise: Promise<unknown>): Promise<ApiError> {
  try {
    await promise;
  } catch (thrown) {
    assert.ok(thrown instanceof ApiError, `not an ApiError: ${String(thrown)}`);
    return thrown;
  }
  return assert.fail('it was not refused');
}

/** The next events of a watch, until there are so many of them. Bookmarks are left out. */
export async function take<T extends KubernetesObject>(
  events: AsyncIterable<WatchEvent<T>>,
  count: number,
): Promise<WatchEvent<T>[]> {
  const taken: WatchEvent<T>[] = [];
  for await (const event of events) {
    if (event.type === 'BOOKMARK') continue;
    taken.push(event);
    if (taken.length >= count) break;
  }
  return taken;
}

/** An event as `ADDED name`. */
export function nameOfEvent(event: WatchEvent): string {
  return event.type === 'ERROR' ? `ERROR ${event.object.code}` : `${event.type} ${event.object.metadata.name}`;
}
