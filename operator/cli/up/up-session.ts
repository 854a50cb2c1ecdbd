import { sleep, systemClock } from '../../framework/clock.ts';
import type { LocalMeshEvents } from '../../local/local-mesh.ts';
import type { MeshView } from '../../local/mesh-view.ts';
import { paint, type Palette, paletteFor } from '../../local/terminal/palette.ts';
import { Screen, type ScreenStream } from '../../local/terminal/screen.ts';
import { type Progress, progressPrinter } from '../../local/tools/progress.ts';
import { trafficTable } from '../../local/traffic/traffic-table.ts';
import type { CommandIo, CommandStream } from '../command.ts';
import { type BannerInput, bannerLines } from './banner.ts';
import { folderLines, programmedLines } from './messages.ts';

const LIVE_INTERVAL_MS = 500;
const PLAIN_INTERVAL_MS = 5000;
const LOOK_MS = 100;
/** A folder may have policies alone. */
const NO_REPLICAS_MS = 2000;
/** After that the rest is shown, and what is not ready is told of. */
const PATIENCE_MS = 30_000;

/** A stream that is as wide as the environment says, where it does not know itself. */
function terminalOf(stream: CommandStream, columns: number): ScreenStream {
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get rows() {
      return stream.rows;
    },
    get columns() {
      return stream.columns ?? columns;
    },
    write: (text) => stream.write(text),
  };
}

/** What is seen on the terminal while a mesh runs. */
export class UpSession {
  readonly progress: Progress;
  readonly events: LocalMeshEvents;
  readonly #palette: Palette;
  readonly #screen: Screen;
  readonly #failed = new AbortController();
  /** Whether the folder was read, and whether the banner is there: before that only what is wrong is told. */
  #read = false;
  #started = false;

  constructor({ environment, stderr, stdout }: CommandIo) {
    this.#palette = paletteFor(stdout, environment);
    const columns = stdout.columns ?? Number(environment['COLUMNS'] ?? 0);
    this.#screen = new Screen(columns > 0 ? terminalOf(stdout, columns) : stdout);
    this.progress = progressPrinter(stderr);
    this.events = {
      folder: (report) => {
        this.#print(folderLines(report, this.#palette, !this.#read));
        this.#read = true;
      },
      notice: (pod, message) => this.#print([`${paint(this.#palette, 'yellow', pod)}: ${message}`]),
      programmed: (event) => {
        const failed = event.status.conditions.some(({ status }) => status === 'False');
        if (this.#started || failed) this.#print(programmedLines(event, this.#palette));
      },
      failed: (error) => {
        const message = error instanceof Error ? error.message : String(error);
        this.#print([paint(this.#palette, 'red', `the control plane ended: ${message}`)]);
        this.#failed.abort();
      },
    };
  }

  /** Aborts when the control plane has ended by itself. */
  get failure(): AbortSignal {
    return this.#failed.signal;
  }

  /** Tells how many replicas are ready, until all are, or one has had its time. */
  async waitForReplicas(view: MeshView, signal: AbortSignal): Promise<void> {
    const task = 'starting replicas';
    const began = systemClock.monotonic();
    for (;;) {
      const replicas = view.replicas();
      const waiting = replicas.filter(({ ready }) => !ready);
      const counts = { done: replicas.length - waiting.length, total: replicas.length };
      const [first] = waiting;
      const waitedMs = systemClock.monotonic() - began;
      if (first === undefined && (replicas.length > 0 || waitedMs > NO_REPLICAS_MS))
        return this.progress({ task, state: 'done', detail: 'ready', ...counts });
      const detail = first === undefined ? 'looking' : `${first.pod} is not ready (${first.why || 'starting'}); ready`;
      if (signal.aborted || waitedMs > PATIENCE_MS) return this.progress({ task, state: 'failed', detail, ...counts });
      this.progress({ task, state: 'running', detail, ...counts });
      await sleep(systemClock, LOOK_MS, signal);
    }
  }

  /** Tells where to look. */
  banner(input: BannerInput): void {
    this.#print(bannerLines(input, this.#palette));
    this.#started = true;
  }

  /** Draws the traffic until the signal aborts. */
  async showTraffic(view: MeshView, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(systemClock, this.#screen.live ? LIVE_INTERVAL_MS : PLAIN_INTERVAL_MS, signal);
      const { columns } = this.#screen;
      this.#screen.draw(trafficTable(view.traffic(), { palette: this.#palette, width: columns }));
    }
  }

  /** Leaves the picture on the terminal, and writes below it. */
  end(line: string): void {
    this.#screen.leave();
    this.#screen.print(line);
  }

  #print(lines: readonly string[]): void {
    // The line of the progress is still there.
    if (!this.#started && this.#screen.live && lines.length > 0) this.#screen.eraseLine();
    for (const line of lines) this.#screen.print(line);
  }
}
