import type { Api } from '../../framework/api/api.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { type Clock, sleep } from '../../framework/clock.ts';
import { POD } from '../../api/index.ts';
import { CNI, CNI_PODS, OPERATOR_PODS, SYSTEM } from '../cluster/system-names.ts';
import { existing } from './apply.ts';
import { podTroubles, waitsFor } from './standing.ts';
import { nameOf } from './system-kinds.ts';

/** How to wait. */
export interface WaitOptions {
  readonly api: Api;
  readonly clock: Clock;
  /** In the clock's monotonic milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Told whenever what is waited for changes. */
  readonly progress: (line: string) => void;
}

/** Objects did not come to what they are to be in time. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

const INTERVAL_MS = 500;

/** Waits until all objects are as {@link waitsFor} wants them. Throws {@link NotReadyError} with what is missing. */
export async function untilReady(objects: readonly KubernetesObject[], options: WaitOptions): Promise<void> {
  const { api, clock, deadline, progress, signal } = options;
  let told = '';
  for (let open = objects; ; ) {
    const states = await Promise.all(
      open.map(async (object) => [object, await missingOf(api, object, signal)] as const),
    );
    const waiting = states.filter(([, why]) => why !== undefined);
    if (waiting.length === 0) return;
    open = waiting.map(([object]) => object);
    const lines = waiting.map(([object, why]) => `${nameOf(object)}: ${why}`);
    for (const { kind } of open) lines.push(...(await troubles(api, kind, signal)));
    const text = lines.join('; ');
    if (clock.monotonic() > deadline) throw new NotReadyError(['not ready in time:', ...lines].join('\n  '));
    if (text !== told) progress(`waiting: ${text}`);
    told = text;
    await sleep(clock, INTERVAL_MS, signal);
    signal.throwIfAborted();
  }
}

async function missingOf(api: Api, object: KubernetesObject, signal: AbortSignal): Promise<string | undefined> {
  const now = await existing(api, object, signal);
  return now === undefined ? 'not there' : waitsFor(now);
}

/** Of the pods that the only object of the kind keeps. */
async function troubles(api: Api, kind: string, signal: AbortSignal): Promise<readonly string[]> {
  if (kind !== 'Deployment' && kind !== 'DaemonSet') return [];
  const [namespace, labelSelector] = kind === 'Deployment' ? [SYSTEM, OPERATOR_PODS] : [CNI, CNI_PODS];
  return podTroubles((await api.list(POD, { namespace, labelSelector, signal })).items);
}
