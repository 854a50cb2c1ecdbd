import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paint, paletteFor } from '../../local/terminal/palette.ts';
import { formatElapsed } from '../../local/tools/progress.ts';
import { type CommandIo, EXIT } from '../command.ts';
import { CheckFailedError, type CheckStep } from './check-step.ts';
import { DemoMesh } from './demo-mesh.ts';
import { UpProcess } from './up-process.ts';
import { allowed, denied, notAllowed } from './steps/authorization.ts';
import { editTakesEffect, mistakeChangesNothing } from './steps/edits.ts';
import { everythingInForce } from './steps/everything-in-force.ts';
import { strictMtls } from './steps/mutual-tls.ts';
import { retriesAndEjection, returnsAfterEjection } from './steps/resilience.ts';
import { split } from './steps/split.ts';

const STEPS: readonly CheckStep[] = [
  everythingInForce,
  allowed,
  denied,
  split,
  strictMtls,
  retriesAndEjection,
  notAllowed,
  editTakesEffect,
  mistakeChangesNothing,
  returnsAfterEjection,
];

/** How long the mesh may take to start, downloads included. */
const START_MS = 300_000;

/** What to check: the demo's folder, and where its applications run. */
export interface CheckOptions {
  readonly demo: string;
  readonly workingDirectory: string;
}

/** Runs the demo unattended on a copy of its files, and tells of everything that it shows whether it is so. */
export async function runCheck({ demo, workingDirectory }: CheckOptions, io: CommandIo): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'dotkube-demo-'));
  const folder = join(scratch, 'bookstore');
  const began = performance.now();
  let failures: number;
  try {
    await cp(demo, folder, { recursive: true });
    await snoopMore(join(folder, 'manifests', 'shopper.yaml'));
    // What it prints is looked for words.
    const { FORCE_COLOR: _, ...environment } = io.environment;
    const up = new UpProcess({
      folder,
      runDirectory: join(scratch, 'run'),
      workingDirectory,
      environment: { ...environment, NO_COLOR: '1' },
      onStderr: (chunk) => void io.stderr.write(chunk),
    });
    try {
      failures = await checkAll(up, folder, io);
    } finally {
      await up.kill();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const verdict = failures === 0 ? 'the demo shows what it should' : `${failures} of its promises are not kept`;
  tell(io, failures === 0, verdict, formatElapsed(performance.now() - began));
  return failures === 0 ? EXIT.ok : EXIT.failed;
}

/** Answers how many failed. */
async function checkAll(up: UpProcess, folder: string, io: CommandIo): Promise<number> {
  const started = await attempt(io, 'the bookstore starts', async () => {
    const mesh = new DemoMesh({ socket: await up.ready(START_MS), folder, output: () => up.output });
    const replicas = await mesh.replicas();
    const processes = replicas.flatMap((replica) => replica.processes);
    return { said: `${replicas.length} replicas, ${processes.length} processes`, mesh, processes };
  });
  let failures = started === undefined ? 1 : 0;
  for (const step of STEPS) {
    if (started === undefined || io.signal.aborted) break;
    const passed = await attempt(io, step.name, async () => ({ said: await step.run(started.mesh) }));
    if (passed === undefined) failures += 1;
  }
  const ended = await attempt(io, 'Ctrl-C leaves no process behind', async () => {
    await up.end(started?.processes ?? []);
    return { said: '' };
  });
  return ended === undefined ? failures + 1 : failures;
}

/** Does something, and tells of it. Undefined when it failed. */
async function attempt<T extends { readonly said: string }>(
  io: CommandIo,
  name: string,
  action: () => Promise<T>,
): Promise<T | undefined> {
  const began = performance.now();
  try {
    const result = await action();
    tell(io, true, name, [result.said, formatElapsed(performance.now() - began)].filter(Boolean).join('; '));
    return result;
  } catch (error) {
    const known = error instanceof CheckFailedError;
    tell(
      io,
      false,
      name,
      error instanceof Error ? ((known ? undefined : error.stack) ?? error.message) : String(error),
    );
    return undefined;
  }
}

function tell(io: CommandIo, passed: boolean, name: string, detail: string): void {
  const palette = paletteFor(io.stdout, io.environment);
  const mark = passed ? paint(palette, 'green', '✓') : paint(palette, 'red', '✗');
  io.stdout.write(`${mark} ${name} ${paint(palette, 'dim', `(${detail})`)}\n`);
}

/** Somebody tries what is forbidden once a second, so that a check need not wait for it. */
async function snoopMore(path: string): Promise<void> {
  const before = await readFile(path, 'utf8');
  await writeFile(path, before.replace(/(name: SNOOP\s+value: )"[\d.]+"/, '$1"0.2"'));
}
