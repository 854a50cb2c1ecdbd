import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with its number. */
export interface ProcessRecord {
  readonly pid: number;
  /** When it started, in clock ticks since the machine did: field 22 of /proc/<pid>/stat. */
  readonly startTime: string;
}

/** The record of a process that runs; undefined when there is none, or when it has ended and nobody has asked how. */
export function recordOf(pid: number): ProcessRecord | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // `pid (name) state …`: the name may hold parentheses and blanks.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const startTime = fields[19];
    return fields[0] === 'Z' || fields[0] === 'X' || startTime === undefined ? undefined : { pid, startTime };
  } catch {
    return undefined;
  }
}

/** Whether the recorded process still runs. */
export function runs(record: ProcessRecord): boolean {
  return recordOf(record.pid)?.startTime === record.startTime;
}

/** Ends the recorded process at once, if it still runs. */
export function end(record: ProcessRecord): void {
  if (!runs(record)) return;
  try {
    process.kill(record.pid, 'SIGKILL');
  } catch {
    // It ended between the two.
  }
}
