import { spawn } from 'node:child_process';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkPod } from '../../integration/harness/index.ts';
import { startProcess } from '../../tools/process.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { vegetaBinary } from '../../tools/vegeta-binary.ts';
import { type LoadResult, resultOf, type Sent, sentOf } from './load-results.ts';

/** Who calls what, and how often. */
export interface LoadOptions {
  /** The pod that calls: `pod.application` of a MeshPod. */
  readonly pod: Pick<NetworkPod, 'holderPid'>;
  /** By address: there is no DNS in a pod. Several are called in turn. */
  readonly url: string | readonly string[];
  /** Requests per second, whether answers come or not. */
  readonly rate: number;
  /** Default: HTTP/1.1 over connections that are kept. */
  readonly protocol?: 'http1' | 'h2c';
  /** Default: `POST`, which Go's HTTP client does not send a second time when a kept connection turns out to be closed. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** After so long without an answer a request has failed. Default: 5 s. */
  readonly timeoutMilliseconds?: number;
}

/** Requests that are under way until they are stopped. */
export interface Load extends AsyncDisposable {
  /** What became of those that have ended so far. */
  soFar(): Promise<LoadResult>;
  /** Sends no more, and waits for those that are under way. */
  stop(): Promise<LoadResult>;
}

/**
 * Calls from a pod at a fixed rate with vegeta: open loop, each request on its own schedule, no retries; connections that fail and
 * time-outs are failures.
 */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { pod, url, rate, protocol = 'http1', method = 'POST', headers = {}, timeoutMilliseconds = 5000 } = options;
  const vegeta = await vegetaBinary();
  const directory = await scratchDirectory('load');
  const [targets, output] = [join(directory, 'targets.json'), join(directory, 'results.bin')];
  const header = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const lines = [url].flat().map((url) => JSON.stringify({ method, url, header }));
  await writeFile(targets, `${lines.join('\n')}\n`);
  await writeFile(output, '');
  const errors: string[] = [];
  const attack = ['attack', '-format', 'json', '-targets', targets, '-output', output, '-rate', `${rate}/1s`];
  const how = ['-timeout', `${timeoutMilliseconds}ms`, '-max-body', '200', '-redirects', '-1', '-http2=false'];
  const running = await startProcess({
    command: 'nsenter',
    args: [
      `--net=/proc/${pod.holderPid}/ns/net`,
      '--',
      vegeta,
      ...attack,
      ...how,
      ...(protocol === 'h2c' ? ['-h2c'] : []),
    ],
    onOutput: (chunk) => void errors.push(chunk.toString()),
  });
  await begun(output);
  let isStopped = false;
  const stop = async (): Promise<LoadResult> => {
    if (!isStopped) running.kill('SIGINT');
    isStopped = true;
    const { exitCode } = await running.exited;
    if (exitCode !== 0) throw new Error(`vegeta ended with ${exitCode}: ${errors.join('').slice(-1000)}`);
    return resultOf(await readResults(vegeta, output));
  };
  return {
    soFar: async () => resultOf(await readResults(vegeta, output)),
    stop,
    [Symbol.asyncDispose]: async () => {
      await running.stop(0);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Returns when there is a first answer, or has been none for a while. */
async function begun(output: string): Promise<void> {
  for (let tries = 0; tries < 100 && (await stat(output)).size === 0; tries += 1) await delay(20);
}

async function readResults(vegeta: string, path: string): Promise<readonly Sent[]> {
  const encode = spawn(vegeta, ['encode', '-to', 'json', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const sent: Sent[] = [];
  // The last line may be half of one while vegeta writes.
  for await (const line of createInterface({ input: encode.stdout })) if (line.endsWith('}')) sent.push(sentOf(line));
  return sent;
}
