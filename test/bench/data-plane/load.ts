import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { startProcess } from '../../tools/process.ts';
import { vegetaBinary } from '../../tools/vegeta-binary.ts';
import { type Sent, parseSent } from './sent.ts';

/** A load on one pair. */
export interface LoadOptions {
  /** A command line that runs others where the calls are made. */
  readonly inside: readonly [string, ...string[]];
  readonly url: string;
  /** Requests per second, sent whether the earlier ones are answered or not. */
  readonly rate: number;
  /** Kept open. More requests at a time than these wait, and their wait counts. */
  readonly connections: number;
  /** A folder for the generator's files. */
  readonly scratch: string;
}

/** A load that runs. */
export interface Load {
  /** Ends it, waits for what is under way, and answers everything that was sent. */
  stop(): Promise<readonly Sent[]>;
}

/** Should this process forget it. */
const LONGEST = '10m';

/** Sends requests at a fixed rate over connections that are kept: an open loop, so that what is slow does not slow the load down. */
export async function startLoad({ inside, url, rate, connections, scratch }: LoadOptions): Promise<Load> {
  const vegeta = await vegetaBinary();
  const [targets, results] = [join(scratch, 'targets'), join(scratch, 'vegeta.bin')];
  await writeFile(targets, `GET ${url}\n`);
  const sizes = ['-rate', `${rate}/1s`, '-duration', LONGEST, '-max-connections', String(connections)];
  const files = ['-targets', targets, '-output', results];
  const [command, ...args] = [...inside, vegeta, 'attack', ...sizes, ...files, '-timeout', '5s', '-max-body', '0'];
  const words: string[] = [];
  const process = await startProcess({ command, args, onOutput: (chunk) => void words.push(chunk.toString()) });
  const stop = async (): Promise<readonly Sent[]> => {
    process.kill('SIGINT');
    const { exitCode } = await process.exited;
    if (exitCode !== 0) throw new Error(`vegeta: ${words.join('').trim()}`);
    return parseSent(await encoded(vegeta, results));
  };
  return { stop };
}

async function encoded(vegeta: string, results: string): Promise<string> {
  const line = '"$0" encode -to csv "$1" | cut -d, -f1-3';
  const { exitCode, stdout, tail } = await runCommand('sh', ['-c', line, vegeta, results]);
  if (exitCode !== 0) throw new Error(`vegeta encode: ${tail}`);
  return stdout;
}
