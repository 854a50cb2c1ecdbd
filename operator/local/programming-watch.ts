import type { KubernetesObject } from '../framework/api/object.ts';
import type { Clock } from '../framework/clock.ts';
import type { ReadonlyStore } from '../framework/store/store.ts';
import { isProgrammed, objectStatus, type ObjectStatus } from './status/status-report.ts';

/** An object's present generation has come to an end: in force, or not to be. */
export interface ProgrammedEvent {
  readonly status: ObjectStatus;
  /** Since its generation was first seen, milliseconds. */
  readonly afterMs: number;
}

interface Seen {
  readonly generation: number;
  readonly at: number;
  told: string;
}

/** Tells when generations of objects are in force, or why they are not. */
export function watchProgramming(
  stores: readonly ReadonlyStore[],
  clock: Clock,
  onChange: (event: ProgrammedEvent) => void,
): () => void {
  const seen = new Map<string, Seen>();
  const look = (object: KubernetesObject): void => {
    const { generation = 0, uid = '' } = object.metadata;
    const known = seen.get(uid);
    const entry = known?.generation === generation ? known : { generation, at: clock.monotonic(), told: '' };
    seen.set(uid, entry);
    const status = objectStatus(object);
    const outcome = outcomeOf(status);
    if (outcome === undefined || outcome === entry.told) return;
    entry.told = outcome;
    onChange({ status, afterMs: clock.monotonic() - entry.at });
  };
  const ends = stores.map((store) =>
    store.subscribe((changes) => {
      for (const change of changes) {
        if (change.kind === 'upsert') look(change.new);
        else seen.delete(change.old.metadata.uid ?? '');
      }
    }),
  );
  for (const store of stores) store.list().forEach(look);
  return () => {
    for (const end of ends) end();
  };
}

/** What there is to tell of a status; undefined while it is being worked on. */
function outcomeOf(status: ObjectStatus): string | undefined {
  if (isProgrammed(status)) return 'in force';
  const wrong = status.conditions.filter((condition) => condition.status === 'False' && condition.reason !== 'Pending');
  return wrong.length === 0 ? undefined : wrong.map(({ message, reason }) => `${reason} ${message}`).join('\n');
}
