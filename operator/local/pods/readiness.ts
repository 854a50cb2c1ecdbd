import { type Clock, sleep } from '../../framework/clock.ts';
import type { ReadinessPlan } from './probe.ts';

/** Between two looks at what has not been ready yet: nobody wants to wait for a process that is there. */
const STARTING_MS = 100;

/** How to watch. */
export interface ReadinessOptions {
  readonly plan: ReadinessPlan;
  readonly clock: Clock;
  /** Takes one look at all checks; answers what is wrong. */
  readonly look: () => Promise<string | undefined>;
  /** Told when the answer changes, with what is wrong; must not throw. */
  readonly onChange: (ready: boolean, why: string) => void;
  /** Ends the watching. */
  readonly signal: AbortSignal;
}

/** Looks at a process until the signal ends it: often until it is ready, then at the probe's own pace. */
export async function watchReadiness({ clock, look, onChange, plan, signal }: ReadinessOptions): Promise<void> {
  let ready = false;
  let told = '';
  let failures = 0;
  await sleep(clock, plan.initialDelayMs, signal);
  while (!signal.aborted) {
    const wrong = await look();
    if (signal.aborted) return;
    failures = wrong === undefined ? 0 : failures + 1;
    const now: boolean = wrong === undefined || (ready && failures < plan.failureThreshold);
    const why = now ? '' : (wrong ?? '');
    if (now !== ready || why !== told) onChange(now, why);
    ready = now;
    told = why;
    await sleep(clock, ready && failures === 0 ? plan.periodMs : STARTING_MS, signal);
  }
}
