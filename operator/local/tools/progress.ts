/** One thing to tell about a long step. Reports of one step carry the same `task`. */
export interface ProgressReport {
  /** What is being done, in a few words: "Kubernetes 1.36.3 (Go build)". */
  readonly task: string;
  readonly state: 'running' | 'done' | 'failed';
  /** What it is busy with now, or how it ended. */
  readonly detail: string;
  /** Units done of `total`, where they can be counted. */
  readonly done?: number;
  readonly total?: number;
}

/** Receives reports; must not throw. */
export type Progress = (report: ProgressReport) => void;

/** Says nothing. */
export const silentProgress: Progress = () => undefined;

/** Where a printer writes: `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Between two lines about the same task where lines cannot be overwritten. */
const PLAIN_INTERVAL_MS = 15_000;

/**
 * Prints reports with the time since the first one of their task: on a terminal one line that is overwritten, elsewhere
 * (CI logs) a line at the start, one every 15 s and one at the end.
 */
export function progressPrinter(stream: ProgressStream, now: () => number = Date.now): Progress {
  const started = new Map<string, number>();
  const printed = new Map<string, number>();
  const terminal = stream.isTTY === true;
  return (report) => {
    const at = now();
    const start = started.get(report.task) ?? at;
    started.set(report.task, start);
    const line = describe(report, at - start);
    const over = report.state !== 'running';
    if (terminal) {
      stream.write(`\r\u001B[K${over ? line : line.slice(0, (stream.columns ?? 80) - 1)}${over ? '\n' : ''}`);
    } else if (over || at - (printed.get(report.task) ?? Number.NEGATIVE_INFINITY) >= PLAIN_INTERVAL_MS) {
      printed.set(report.task, at);
      stream.write(`${line}\n`);
    }
    if (over) {
      started.delete(report.task);
      printed.delete(report.task);
    }
  };
}

/** A span of time as a person reads it: `0.4 s`, `12 s`, `6 min 05 s`. */
export function formatElapsed(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

function describe(report: ProgressReport, elapsed: number): string {
  const mark = { running: '…', done: '✓', failed: '✗' }[report.state];
  const count = report.total === undefined ? '' : ` ${report.done ?? 0}/${report.total}`;
  return `${mark} ${report.task}: ${report.detail}${count} (${formatElapsed(elapsed)})`;
}
