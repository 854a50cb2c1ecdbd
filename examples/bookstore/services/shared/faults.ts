import { setTimeout as delay } from 'node:timers/promises';
import { numberSetting } from './settings.ts';

/** What a service does wrong on purpose, so that retries and ejection can be watched. */
export interface Faults {
  /** Share of the requests that fail, 0 to 1. */
  readonly failRate: number;
  /** HTTP status of those. */
  readonly status: number;
  /** How long every request is held back, milliseconds. */
  readonly delayMs: number;
}

let faults: Faults = {
  failRate: numberSetting('FAIL_RATE', 0),
  status: numberSetting('FAIL_STATUS', 503),
  delayMs: numberSetting('DELAY_MS', 0),
};

/** The faults at the moment: at first from `FAIL_RATE`, `FAIL_STATUS` and `DELAY_MS`. */
export function currentFaults(): Faults {
  return faults;
}

/** Changes those that are named: `failRate=0.5&delayMs=200`. Returns what is wrong with them, if anything. */
export function changeFaults(query: URLSearchParams): string | undefined {
  const changed = { ...faults };
  for (const [name, text] of query) {
    const value = Number(text);
    if (name !== 'failRate' && name !== 'status' && name !== 'delayMs') return `there is no fault ${name}`;
    if (text === '' || !(value >= 0)) return `${name} has to be a number of at least 0`;
    if (name === 'status' && !(Number.isInteger(value) && value >= 400 && value <= 599)) return 'status is 400 to 599';
    changed[name] = value;
  }
  faults = changed;
  return undefined;
}

/** Holds a request back for as long as it is to be; returns the status that it is to fail with, if it is to. */
export async function applyFaults(): Promise<number | undefined> {
  if (faults.delayMs > 0) await delay(faults.delayMs);
  return Math.random() < faults.failRate ? faults.status : undefined;
}
