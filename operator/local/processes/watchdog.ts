import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends process groups when this process dies without having ended them, by SIGKILL even: a shell of its own session reads
 * what to watch from a pipe, and the system closes the pipe with us.
 */
export class Watchdog {
  readonly #shell: ChildProcess;

  constructor() {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#shell.on('error', () => undefined);
    this.#shell.stdin?.on('error', () => undefined);
    this.#shell.unref();
  }

  /** The shell's process id; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#shell.pid;
  }

  /** Watches over the group that this process leads. */
  add(pid: number): void {
    this.#shell.stdin?.write(`add ${pid}\n`);
  }

  /** The group has ended. */
  remove(pid: number): void {
    this.#shell.stdin?.write(`remove ${pid}\n`);
  }

  /** Watches over nothing any more, and ends. */
  async close(): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null || this.#shell.pid === undefined) return;
    const exited = new Promise<void>((resolve) => {
      this.#shell.once('exit', () => resolve());
    });
    this.#shell.ref();
    this.#shell.stdin?.end('end\n');
    await exited;
  }
}

const SCRIPT = `
pids=' '
while read -r word pid; do
  case $word in
    add) pids="$pids$pid " ;;
    remove) case $pids in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
    end) exit 0 ;;
  esac
done
for pid in $pids; do kill -9 "-$pid"; done
`;
