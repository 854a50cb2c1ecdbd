import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../operator/local/tools/cache-directory.ts';
import { scratchDirectory } from '../tools/scratch-directory.ts';
import { PART_RUNNERS } from './parts/parts.ts';
import { type Section, withSections } from './report/results-file.ts';
import { type Bench, createBench } from './rig/bench.ts';
import { describeMachine, type Machine, machineLine } from './rig/machine.ts';
import { type BenchFlags, parseBenchFlags, PARTS, USAGE } from './rig/options.ts';
import { sayer } from './rig/say.ts';
import { UsageError } from './rig/usage-error.ts';

const RESULTS = join(import.meta.dirname, 'RESULTS.md');

/** Runs the parts, prints and keeps what they say, and answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const flags = parseBenchFlags(args);
  if (flags.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const say = sayer();
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const machine = await describeMachine(say);
  const scratch = await scratchDirectory('bench');
  const { istiod, shared } = flags;
  try {
    const bench = createBench({ say, signal: stop.signal, scratch, istiod, shared });
    // What is missing is told before minutes have passed.
    if (flags.parts.some((part) => part !== 'data-plane')) await bench.programs();
    return await runParts(flags, bench, machine);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function runParts(flags: BenchFlags, bench: Bench, machine: Machine): Promise<number> {
  const folder = flags.json ?? join(cacheDirectory(), 'bench', 'results');
  await mkdir(folder, { recursive: true });
  const missed: string[] = [];
  for (const part of flags.parts) {
    const result = await PART_RUNNERS[part](bench, flags);
    missed.push(...result.missed);
    await writeFile(
      join(folder, `${part}.json`),
      `${JSON.stringify({ machine, ...(result.data as object) }, undefined, 2)}\n`,
    );
    for (const { title, body } of result.sections) process.stdout.write(`\n${title}\n\n${body}\n`);
    const said = result.sections.map((section) => ({ ...section, body: `${section.body}\n\n${footer(machine)}` }));
    if (isStandard(flags)) await keep(said);
  }
  bench.say(`figures as JSON are in ${folder}`);
  for (const name of missed) bench.say(`missed: ${name}`);
  return missed.length === 0 ? 0 : 1;
}

/** Only what everybody measures alike is kept. */
function isStandard({ istiod, sizes }: BenchFlags): boolean {
  return istiod && sizes === undefined;
}

function footer(machine: Machine): string {
  return `<sub>${machine.at} UTC, ${machineLine(machine)}.</sub>`;
}

async function keep(sections: readonly Section[]): Promise<void> {
  const before = await readFile(RESULTS, 'utf8').catch(() => '');
  const order = PARTS.flatMap((part) => sectionIds(before, sections).filter((id) => id.startsWith(part)));
  await writeFile(RESULTS, withSections(before, sections, order));
}

function sectionIds(file: string, sections: readonly Section[]): readonly string[] {
  const known = [...file.matchAll(/^<!-- begin (\S+) -->$/gm)].map(([, id = '']) => id);
  return [...new Set([...known, ...sections.map(({ id }) => id)])];
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
}
