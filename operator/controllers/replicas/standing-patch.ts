import type { Standing } from '../status/standing.ts';
import type { SetPatch, StandingPatch } from './report.ts';

/** What stands of an object of which nothing has been told. */
export const NO_STANDING: Standing = {
  uid: '',
  generation: -1,
  users: [],
  concerned: [],
  waitingFor: [],
  late: [],
  draining: false,
};

/** What to tell one who knows `before`; undefined: nothing. Pure. */
export function standingPatch(before: Standing, now: Standing): StandingPatch | undefined {
  const sets = (['users', 'concerned', 'waitingFor', 'late'] as const).flatMap((name) => {
    const patch = setPatch(before[name], now[name]);
    return patch === undefined ? [] : [[name, patch] as const];
  });
  const patch: StandingPatch = {
    ...(before.uid === now.uid ? {} : { uid: now.uid }),
    ...(before.generation === now.generation ? {} : { generation: now.generation }),
    ...(before.draining === now.draining ? {} : { draining: now.draining }),
    ...Object.fromEntries(sets),
  };
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** What stands after it was told. Pure. */
export function patchStanding(before: Standing, patch: StandingPatch): Standing {
  const { uid, generation, draining, users, concerned, waitingFor, late } = patch;
  return {
    uid: uid ?? before.uid,
    generation: generation ?? before.generation,
    draining: draining ?? before.draining,
    users: patchSet(before.users, users),
    concerned: patchSet(before.concerned, concerned),
    waitingFor: patchSet(before.waitingFor, waitingFor),
    late: patchSet(before.late, late),
  };
}

/** How one set becomes another; undefined where they are the same. Pure. */
export function setPatch(before: Iterable<string>, now: Iterable<string>): SetPatch | undefined {
  const [old, present] = [new Set(before), new Set(now)];
  const [added, removed] = [[...present.difference(old)], [...old.difference(present)]];
  return added.length + removed.length === 0 ? undefined : [added, removed];
}

function patchSet(before: readonly string[], patch: SetPatch | undefined): readonly string[] {
  if (patch === undefined) return before;
  const set = new Set(before);
  for (const name of patch[1]) set.delete(name);
  for (const name of patch[0]) set.add(name);
  return [...set];
}
