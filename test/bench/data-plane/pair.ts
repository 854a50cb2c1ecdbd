import { join } from 'node:path';
import { type RunningProcess } from '../../tools/process.ts';
import { startServer, waitUntilServing } from '../../tools/server-process.ts';
import { unixHttp } from '../../integration/harness/unix-http.ts';
import type { NetworkPod } from '../../integration/harness/index.ts';
import { DIALLED_PORT } from './echo-service.ts';

/** The proxy of one side of a pair. */
export interface PairProxy {
  readonly pid: number;
  /** The answer of its admin interface. */
  admin(path: string): Promise<string>;
}

/** A caller's proxy and the one of what it calls, each in a pod of its own. */
export interface Pair extends AsyncDisposable {
  readonly name: string;
  /** The pod whose connections the load generator makes. */
  readonly callerPod: NetworkPod;
  /** What is asked for there. */
  readonly url: string;
  readonly caller: PairProxy;
  readonly echo: PairProxy;
  /** The application behind them. */
  readonly application: RunningProcess;
}

/** Bytes of an answer. */
export const ANSWER_BYTES = 1024;

/** A command line that runs others in a pod's network namespace, as its application. */
export function inPod(pod: NetworkPod): readonly [string, ...string[]] {
  return ['nsenter', `--net=/proc/${pod.holderPid}/ns/net`, '--'];
}

/** The application, in its pod. */
export async function startApplication(pod: NetworkPod): Promise<RunningProcess> {
  const script = join(import.meta.dirname, 'application.ts');
  const [command, ...rest] = [...inPod(pod), process.execPath, script, String(DIALLED_PORT), String(ANSWER_BYTES)];
  const server = await startServer(command, rest);
  await waitUntilServing('the application', server, async () => server.logs().includes('ready'), {
    timeoutMilliseconds: 10_000,
  });
  return server.process;
}

/** For a proxy of which only the socket of its admin interface is known. */
export function pairProxy(pid: number, adminSocket: string): PairProxy {
  return { pid, admin: (path) => unixHttp(adminSocket, path) };
}
