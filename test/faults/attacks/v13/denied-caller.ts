import { join } from 'node:path';
import { startServer, waitUntilServing } from '../../../tools/server-process.ts';

/** What became of the tries of somebody who must not get in. */
export interface Tries {
  readonly sent: number;
  readonly letIn: number;
  /** Answered, with anything but 200. */
  readonly refused: number;
  /** No answer at all. */
  readonly failed: number;
  readonly examples: readonly string[];
}

/** A process that tries to get in until it is stopped. */
export interface DeniedCaller extends AsyncDisposable {
  stop(): Promise<Tries>;
}

/** Starts one in a pod's network namespace, as its application; or on the node, where no proxy stands between. */
export async function startDeniedCaller(
  targets: readonly string[],
  pod?: { readonly holderPid: number },
): Promise<DeniedCaller> {
  const program = [process.execPath, join(import.meta.dirname, 'denied-program.ts'), ...targets];
  const line = pod === undefined ? program : ['nsenter', `--net=/proc/${pod.holderPid}/ns/net`, '--', ...program];
  const [command = '', ...args] = line;
  const server = await startServer(command, args);
  await waitUntilServing('a caller', server, () => Promise.resolve(server.logs().includes('ready')), {
    timeoutMilliseconds: 20_000,
    intervalMilliseconds: 20,
  });
  return {
    stop: async () => {
      await server.process.stop();
      const last = server.logs().trimEnd().split('\n').at(-1) ?? '';
      return JSON.parse(last) as Tries;
    },
    [Symbol.asyncDispose]: async () => void (await server.process.stop(0)),
  };
}
