import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OPERATOR_ENVIRONMENT } from '../../../operator/image/index.ts';
import { type RunningProcess } from '../../tools/process.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { type ServerProcess, startServer } from '../../tools/server-process.ts';

/** The operator's program. */
export const MAIN = join(import.meta.dirname, '..', '..', '..', 'operator', 'main.ts');

/** How to run the operator. */
export interface OperatorProcessOptions {
  /** Path of `operator.mjs` as the image has it. Default: `operator/main.ts`. */
  readonly program?: string;
  readonly kubeconfig: string;
  /** Default: `redirect`. */
  readonly capture?: 'redirect' | 'explicit';
  /** Where its certificate authority is; give two replicas the same. Default: a file of its own. */
  readonly caFile?: string;
  /** Default: any free port of all addresses. */
  readonly xdsAddress?: string;
  /** More flags. */
  readonly flags?: readonly string[];
  /** Of Node.js, as the image has them; its environment comes with them. Default: neither. */
  readonly nodeFlags?: readonly string[];
  /** What to wait for: `serving`, proxies may connect, or `started`, nothing. Default: `serving`. */
  readonly until?: 'serving' | 'started';
  /** Default: 20 s. */
  readonly timeoutMilliseconds?: number;
}

/** One line of the operator's log. */
export type OperatorLogLine = Readonly<Record<string, unknown>> & { readonly message?: string };

/** The operator as a process of its own. */
export interface OperatorProcess extends AsyncDisposable {
  readonly process: RunningProcess;
  /** Where proxies connect, once it serves. */
  readonly xdsPort: number;
  readonly healthPort: number;
  /** The roots that proxies verify it with, PEM. */
  rootsPem(): Promise<string>;
  log(): readonly OperatorLogLine[];
  /** What it wrote, whole. */
  text(): string;
  /** Waits for a line of the log. Throws with the end of it. */
  logged(message: string | RegExp, timeoutMilliseconds?: number): Promise<OperatorLogLine>;
  /** Status and body of `GET path` at the health port. */
  health(path: '/livez' | '/readyz' | '/metrics'): Promise<{ readonly status: number; readonly body: string }>;
  stop(): Promise<void>;
}

/** Runs `node operator/main.ts --kubeconfig …`. */
export async function startOperator(options: OperatorProcessOptions): Promise<OperatorProcess> {
  const directory = await scratchDirectory('operator');
  const bundle = join(directory, 'roots.pem');
  const args = [
    ...(options.nodeFlags ?? []),
    options.program ?? MAIN,
    '--kubeconfig',
    options.kubeconfig,
    '--capture',
    options.capture ?? 'redirect',
    '--xds-address',
    options.xdsAddress ?? ':0',
    '--health-address',
    '127.0.0.1:0',
    '--replicas-address',
    '127.0.0.1:0',
    '--ca-file',
    options.caFile ?? join(directory, 'ca.json'),
    '--trust-bundle-file',
    bundle,
    ...(options.flags ?? []),
  ];
  const { PATH = '' } = process.env;
  const environment = options.nodeFlags === undefined ? {} : { ...OPERATOR_ENVIRONMENT, PATH };
  const server = await startServer(process.execPath, args, environment);
  const running = new OperatorHandle(server, directory, bundle);
  try {
    const { timeoutMilliseconds = 20_000 } = options;
    if (options.until !== 'started') await running.logged('xDS is served', timeoutMilliseconds);
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** What of it is the same for a standby. */
export class OperatorHandle implements OperatorProcess {
  readonly process: RunningProcess;
  readonly #server: ServerProcess;
  readonly #bundle: string;
  readonly #directory: string;

  constructor(server: ServerProcess, directory: string, bundle = join(directory, 'roots.pem')) {
    this.process = server.process;
    this.#server = server;
    this.#bundle = bundle;
    this.#directory = directory;
  }

  get xdsPort(): number {
    return this.#portOf('xDS is served');
  }

  get healthPort(): number {
    return this.#portOf('health and metrics are served');
  }

  rootsPem(): Promise<string> {
    return readFile(this.#bundle, 'utf8');
  }

  text(): string {
    return this.#server.logs();
  }

  log(): readonly OperatorLogLine[] {
    return this.text()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as OperatorLogLine);
  }

  async logged(message: string | RegExp, timeoutMilliseconds = 10_000): Promise<OperatorLogLine> {
    const fits = (text = '') => (typeof message === 'string' ? text === message : message.test(text));
    const deadline = performance.now() + timeoutMilliseconds;
    let ended = false;
    void this.process.exited.then(() => (ended = true));
    for (;;) {
      const found = this.log().find((line) => fits(line.message));
      if (found !== undefined) return found;
      if (ended || performance.now() > deadline) {
        const why = ended ? 'ended' : 'runs';
        throw new Error(`the operator ${why} and did not log ${String(message)}:\n${this.text().slice(-4000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async health(path: string): Promise<{ readonly status: number; readonly body: string }> {
    const response = await fetch(`http://127.0.0.1:${this.healthPort}${path}`);
    return { status: response.status, body: await response.text() };
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #portOf(message: string): number {
    return Number(this.log().find((line) => line.message === message)?.['port']);
  }
}
