import { readFile } from 'node:fs/promises';

/** What a process has used and holds. */
export interface ProcessUsage {
  /** User and system time, milliseconds; the kernel counts in 10 ms. */
  readonly cpuMs: number;
  readonly rssKiB: number;
  /** The most that it ever held. */
  readonly peakKiB: number;
}

/** Linux counts in these, on every architecture that Node runs on. */
const TICK_MS = 10;

/** Reads `/proc/PID`. Throws when the process is gone. */
export async function processUsage(pid: number): Promise<ProcessUsage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  return { cpuMs: cpuMsOf(stat), rssKiB: kibOf(status, 'VmRSS'), peakKiB: kibOf(status, 'VmHWM') };
}

/** Of `/proc/PID/stat`, whose second field is a name that may hold anything. */
export function cpuMsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Of `/proc/PID/status`. */
export function kibOf(status: string, field: 'VmRSS' | 'VmHWM'): number {
  const line = status.split('\n').find((each) => each.startsWith(`${field}:`));
  const kib = /(\d+) kB$/.exec(line ?? '')?.[1];
  if (kib === undefined) throw new Error(`no ${field}: the process has ended`);
  return Number(kib);
}
