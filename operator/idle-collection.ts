import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Clock, Logger } from './framework/index.ts';

/** What the process looks like at one moment. */
export interface HeapReading {
  /** Bytes that the heap has taken from the system. */
  readonly total: number;
  /** Share of the time since the last reading in which the event loop was busy, 0..1. */
  readonly busy: number;
}

/** Whether to collect, and what is remembered until the next reading. */
export interface Decision {
  readonly collect: boolean;
  /** How many readings in a row were idle. */
  readonly idle: number;
}

/** Busier than this is no time for a pause. */
const IDLE = 0.03;

/** Readings in a row. */
const IDLE_READINGS = 2;

/** The heap must have grown by so much since it was last collected for it to be worth a pause. */
const GROWTH = 1.2;

const READ_MS = 1000;

/**
 * Whether it is time to collect: after a burst the heap keeps what it took, and gives it back only to a full collection, which
 * stops the process for some tens of milliseconds. `collected`: its size after the last one, 0 before the first one.
 */
export function decideCollection({ total, busy }: HeapReading, collected: number, idleBefore: number): Decision {
  const idle = busy < IDLE ? idleBefore + 1 : 0;
  return { idle, collect: idle >= IDLE_READINGS && total > collected * GROWTH };
}

/** A process that can collect: Node.js with `--expose-gc`. */
type Collect = (options: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void;

/**
 * Gives memory back to the system while the process is idle. Does nothing where Node.js runs without `--expose-gc`.
 * Runs until the signal aborts.
 */
export function collectWhileIdle(clock: Clock, log: Logger, signal: AbortSignal): void {
  const collect = (globalThis as { readonly gc?: Collect }).gc;
  if (collect === undefined || signal.aborted) return;
  let idle = 0;
  let collected = 0;
  let before = performance.eventLoopUtilization();
  let cancel = (): void => {};
  const read = (): void => {
    const now = performance.eventLoopUtilization();
    const busy = performance.eventLoopUtilization(now, before).utilization;
    before = now;
    const decision = decideCollection({ total: heapBytes(), busy }, collected, idle);
    idle = decision.idle;
    if (decision.collect) {
      const [total, started] = [heapBytes(), clock.monotonic()];
      collect({ type: 'major', flavor: 'last-resort' });
      collected = heapBytes();
      before = performance.eventLoopUtilization();
      const milliseconds = Math.round(clock.monotonic() - started);
      log.debug('memory was given back', { fromBytes: total, toBytes: collected, milliseconds });
    }
    cancel = clock.setTimeout(read, READ_MS);
  };
  cancel = clock.setTimeout(read, READ_MS);
  signal.addEventListener('abort', () => cancel(), { once: true });
}

function heapBytes(): number {
  const { total_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}
