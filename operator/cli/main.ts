#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { EXIT } from './command.ts';
import { runCommand } from './run-command.ts';

const SAME_SIGNAL_MS = 1000;

const abort = new AbortController();
let firstSignal: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    firstSignal ??= performance.now();
    // npm passes on what the terminal has sent already. A second time after that is meant in earnest: the watchdog ends what is left.
    if (performance.now() - firstSignal > SAME_SIGNAL_MS) process.exit(EXIT.failed);
    abort.abort();
  });
}
// A reader that goes away, as head does, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') abort.abort();
  else throw error;
});

try {
  process.exitCode = await runCommand(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    workingDirectory: process.cwd(),
    readStdin: () => text(process.stdin),
    signal: abort.signal,
  });
} catch (error) {
  const { DOTKUBE_DEBUG } = process.env;
  const plain = error instanceof Error ? error.message : String(error);
  const told = DOTKUBE_DEBUG === undefined || !(error instanceof Error) ? plain : error.stack;
  process.stderr.write(`dotkube: ${told}\n`);
  process.exitCode = EXIT.failed;
}
