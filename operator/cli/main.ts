#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cacheDirectory } from '../local/tools/cache-directory.ts';

const SAME_SIGNAL_MS = 1000;

// Halves the time of a short command: types are stripped and code is compiled once.
enableCompileCache(join(cacheDirectory(), 'compiled'));
const { runCommand } = await import('./run-command.ts');

const abort = new AbortController();
let firstSignal: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    firstSignal ??= performance.now();
    // npm passes on what the terminal has sent already; a second time after that is meant in earnest, and the watchdog ends what is left.
    if (performance.now() - firstSignal > SAME_SIGNAL_MS) process.exit(1);
    abort.abort();
  });
}
// A reader that goes away, as head does, is no failure, and neither is a terminal that is closed.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  abort.abort();
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
  const debugged = process.env['DOTKUBE_DEBUG'] !== undefined && error instanceof Error;
  const told = debugged ? error.stack : error instanceof Error ? error.message : String(error);
  process.stderr.write(`dotkube: ${told}\n`);
  process.exitCode = 1;
}
