import { join } from 'node:path';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { type RunningProcess, startProcess } from '../../tools/process.ts';
import { vegetaBinary } from '../../tools/vegeta-binary.ts';
import { type Sent, parseSent } from './sent.ts';

/** A load on one pair. */
export interface LoadOptions {
  /** A command line that runs others where the calls are made. */
  readonly inside: readonly [string, ...string[]];
  readonly url: string;
  /** Requests per second, sent whether the earlier ones are answered or not. */
  readonly rate: number;
  readonly seconds: number;
  /** Kept open. More requests at a time than these wait, and their wait counts. */
  readonly connections: number;
  /** A folder for the generator's results. */
  readonly scratch: string;
}

/** A load that runs. */
export interface Load {
  readonly process: RunningProcess;
  /** Everything that was sent, once it is over. */
  sent(): Promise<readonly Sent[]>;
}

/** Sends requests at a fixed rate over connections that are kept: an open loop, so that what is slow does not slow the load down. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const vegeta = await vegetaBinary();
  const results = join(options.scratch, 'vegeta.bin');
  const [command, ...args] = [
    ...options.inside,
    'sh',
    '-c',
    'echo "GET $1" | exec "$0" attack -rate "$2/1s" -duration "$3s" -max-connections "$4" -timeout 5s -max-body 0 -output "$5"',
    vegeta,
    options.url,
    String(options.rate),
    String(options.seconds),
    String(options.connections),
    results,
  ];
  const words: string[] = [];
  const process = await startProcess({ command, args, onOutput: (chunk) => void words.push(chunk.toString()) });
  const sent = async (): Promise<readonly Sent[]> => {
    const { exitCode } = await process.exited;
    if (exitCode !== 0) throw new Error(`vegeta: ${words.join('').trim()}`);
    return parseSent(await encoded(vegeta, results));
  };
  return { process, sent };
}

async function encoded(vegeta: string, results: string): Promise<string> {
  const line = '"$0" encode -to csv "$1" | cut -d, -f1-3';
  const { exitCode, stdout, tail } = await runCommand('sh', ['-c', line, vegeta, results]);
  if (exitCode !== 0) throw new Error(`vegeta encode: ${tail}`);
  return stdout;
}
