import { type RunningProcess, startProcess } from './process.ts';

/** A server under test with the end of its log at hand. */
export interface ServerProcess {
  readonly process: RunningProcess;
  /** The end of what it wrote to standard output and standard error; at most 256 KiB. */
  readonly logs: () => string;
}

const MAX_LOG_BYTES = 256 * 1024;

/** Starts a server and keeps the end of its output. `environment` is added to this process's. */
export async function startServer(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  let chunks: Buffer[] = [];
  let size = 0;
  const process = await startProcess({
    command,
    args,
    env: { ...globalThis.process.env, ...environment },
    onOutput: (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > 2 * MAX_LOG_BYTES) {
        chunks = [Buffer.concat(chunks).subarray(-MAX_LOG_BYTES)];
        size = MAX_LOG_BYTES;
      }
    },
  });
  return { process, logs: () => Buffer.concat(chunks).subarray(-MAX_LOG_BYTES).toString() };
}

/**
 * Waits until `ready` says true, asking every `intervalMilliseconds` (default 50). Throws with the end of the log when the server ends first,
 * or when `timeoutMilliseconds` have passed. `name` is for the error.
 */
export async function waitUntilServing(
  name: string,
  server: ServerProcess,
  ready: () => Promise<boolean>,
  { timeoutMilliseconds, intervalMilliseconds = 50 }: { timeoutMilliseconds: number; intervalMilliseconds?: number },
): Promise<void> {
  const deadline = performance.now() + timeoutMilliseconds;
  let ended: string | undefined;
  const watch = async () => {
    const exit = await server.process.exited;
    ended = exit.signal ?? `exit code ${exit.exitCode}`;
  };
  void watch();
  while (!(await ready().catch(() => false))) {
    if (ended !== undefined) throw new Error(`${name} ended (${ended}):\n${tail(server)}`);
    if (performance.now() > deadline)
      throw new Error(`${name} is not ready after ${timeoutMilliseconds} ms:\n${tail(server)}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMilliseconds));
  }
}

function tail(server: ServerProcess): string {
  return server.logs().trimEnd().split('\n').slice(-20).join('\n');
}
