import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import type { Check, Fault, FaultSize } from '../fault.ts';

/** What became of a planted bug. */
export interface ControlResult {
  readonly title: string;
  /** The check that had to turn red. */
  readonly check: string;
  readonly measured: string;
  /** Whether it did. */
  readonly passed: boolean;
}

/** What became of a fault; one JSON file. */
export interface FaultResult {
  readonly id: string;
  readonly title: string;
  readonly expected: string;
  readonly size: FaultSize;
  readonly passed: boolean;
  readonly seconds: number;
  readonly checks: readonly Check[];
  readonly controls: readonly ControlResult[];
  /** Why it could not be tried. */
  readonly error?: string;
}

/** No fault takes so many minutes. */
const MINUTES: Readonly<Record<FaultSize, number>> = { short: 3, standard: 9, full: 120 };

/** Time to tidy up. */
const GRACE_MS = 20_000;

/** Runs a fault, without its controls; does not throw. */
export async function runFault(fault: Fault, size: FaultSize, say: (line: string) => void): Promise<FaultResult> {
  const { id, title, expected } = fault;
  const started = performance.now();
  const scratch = await scratchDirectory(`fault-${id.toLowerCase()}`);
  const seconds = () => Math.round((performance.now() - started) / 100) / 10;
  const end = (checks: readonly Check[], error?: string): FaultResult => {
    const why = error ?? (checks.length === 0 ? 'it looked at nothing' : undefined);
    const passed = why === undefined && checks.every((check) => check.passed);
    const result = { id, title, expected, size, passed, seconds: seconds(), checks, controls: [] };
    return why === undefined ? result : { ...result, error: why };
  };
  const over = new AbortController();
  const limit = setTimeout(
    () => over.abort(new Error(`${id} takes more than ${MINUTES[size]} minutes`)),
    MINUTES[size] * 60_000,
  );
  try {
    const { signal } = over;
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener(
        'abort',
        () => void delay(GRACE_MS, undefined, { ref: false }).then(() => reject(signal.reason as Error)),
      );
    });
    return end(await Promise.race([fault.run({ size, signal, scratch, say }), aborted]));
  } catch (error) {
    return end([], error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    clearTimeout(limit);
    await rm(scratch, { recursive: true, force: true });
  }
}
