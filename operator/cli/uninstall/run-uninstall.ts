import { isConflict, isNotFound } from '../../framework/api/api-error.ts';
import type { Api } from '../../framework/api/api.ts';
import { refOf } from '../../framework/api/object.ts';
import { type Clock, sleep } from '../../framework/clock.ts';
import { ClusterTrouble } from '../cluster/trouble.ts';
import type { Change } from '../install/apply.ts';
import type { Found } from '../install/leftovers.ts';
import { nameOf } from '../install/system-kinds.ts';
import { NotReadyError } from '../install/wait.ts';
import { uninstallPlan, WORKLOADS } from './plan.ts';
import { findRemains } from './remains.ts';

/** How to uninstall. */
export interface UninstallOptions {
  readonly api: Api;
  /** The kinds too, with all policies. */
  readonly crds: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** What was, or would be, done. */
export interface UninstallReport {
  readonly dryRun: boolean;
  readonly changes: readonly Change[];
  /** What stays, and why. */
  readonly kept: readonly string[];
  /** What spoke against it, of a dry run or with `force`. */
  readonly objections: readonly string[];
  readonly seconds: number;
}

const INTERVAL_MS = 500;

/** Deletes all of it. Throws {@link ClusterTrouble} before anything is deleted where something speaks against it. */
export async function runUninstall(options: UninstallOptions): Promise<UninstallReport> {
  const { api, clock, crds, dryRun, force, progress, signal, timeoutMs, wait } = options;
  const began = clock.monotonic();
  const { kept, objections, stages } = uninstallPlan(await findRemains(api, signal), { crds });
  if (objections.length > 0 && !force && !dryRun)
    throw new ClusterTrouble([...objections, 'nothing was deleted; --force does it all the same'].join('\n  '));
  const changes: Change[] = [];
  for (const { objects } of stages) {
    for (const { kind, object } of objects) {
      const name = nameOf(object);
      const { uid } = object.metadata;
      // A Deployment is gone when its pods are.
      const propagationPolicy = WORKLOADS.has(kind.kind) ? 'Foreground' : 'Background';
      const how = { propagationPolicy, signal, ...(uid !== undefined && { preconditions: { uid } }) } as const;
      if (!dryRun) await api.delete(kind, refOf(object), how).catch(unlessGone);
      changes.push({ object: name, change: 'deleted' });
      progress(dryRun ? `${name} would be deleted` : `${name} deleted`);
    }
    if (!dryRun && wait) await untilGone(objects, options, began + timeoutMs);
  }
  const seconds = Math.round((clock.monotonic() - began) / 100) / 10;
  return { dryRun, changes, kept, objections, seconds };
}

/** Gone, or another object of that name by now: none of ours. */
function unlessGone(thrown: unknown): void {
  if (!isNotFound(thrown) && !isConflict(thrown)) throw thrown;
}

async function untilGone(
  objects: readonly Found[],
  { api, clock, progress, signal }: UninstallOptions,
  deadline: number,
): Promise<void> {
  let told = '';
  for (let open = objects; ; ) {
    const there = await Promise.all(open.map((found) => isThere(api, found, signal)));
    open = open.filter((_, index) => there[index]);
    if (open.length === 0) return;
    const text = open.map(({ object }) => nameOf(object)).join(', ');
    if (clock.monotonic() > deadline) throw new NotReadyError(`still there: ${text}; is a finalizer left on it?`);
    if (text !== told) progress(`waiting until it is gone: ${text}`);
    told = text;
    await sleep(clock, INTERVAL_MS, signal);
    signal.throwIfAborted();
  }
}

async function isThere(api: Api, { kind, object }: Found, signal: AbortSignal): Promise<boolean> {
  try {
    const now = await api.get(kind, refOf(object), { signal });
    return now.metadata.uid === object.metadata.uid;
  } catch (thrown) {
    if (isNotFound(thrown)) return false;
    throw thrown;
  }
}
