/**
 * `node test/faults/run.ts [F1 V7 …] [--short|--full] [--no-controls] [--json FOLDER]`: runs faults and attacks one after the other, and
 * after a whole standard run writes the table RESULTS.md. Exits 1 when a check or a control is not as expected.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from './catalogue.ts';
import { runControl } from './harness/control.ts';
import { linesOf, tableOf, writeResult } from './harness/results.ts';
import { type ControlResult, type FaultResult, runFault } from './harness/run-fault.ts';
import { type RunOptions, runOptions } from './harness/run-options.ts';

const ROOT = join(import.meta.dirname, '..', '..');

async function main(options: RunOptions): Promise<void> {
  const started = performance.now();
  const results: FaultResult[] = [];
  for (const [index, fault] of options.faults.entries()) {
    print(`\n[${index + 1}/${options.faults.length}] ${fault.id} ${fault.title} (at ${secondsSince(started)} s)`);
    const begun = performance.now();
    const say = (line: string): void => print(`  ${secondsSince(begun).padStart(4)} s  ${line}`);
    const ran = await runFault(fault, options.size, say);
    const controls: ControlResult[] = [];
    for (const plant of options.hasControls ? (fault.controls ?? []) : []) {
      say(`control: ${plant.title}`);
      controls.push(await runControl(ROOT, fault, plant, say));
    }
    const result = { ...ran, controls, passed: ran.passed && controls.every(({ passed }) => passed) };
    for (const line of linesOf(result)) print(line);
    if (options.json !== undefined) await writeResult(options.json, result);
    results.push(result);
  }
  const minutes = (performance.now() - started) / 60_000;
  if (options.isWhole) {
    const machine = `${availableParallelism()} cores with ${Math.round(totalmem() / 2 ** 30)} GiB`;
    await writeFile(join(import.meta.dirname, 'RESULTS.md'), tableOf(results, { minutes, machine }));
  }
  const failed = results.filter(({ passed }) => !passed).map(({ id }) => id);
  const verdict = failed.length === 0 ? 'all as expected' : `${failed.join(', ')} not as expected`;
  print(`\n${results.length} faults and attacks in ${secondsSince(started)} s: ${verdict}`);
  // What a fault left running must not keep this from ending.
  process.exit(failed.length === 0 ? 0 : 1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function secondsSince(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(0);
}

try {
  await main(runOptions(process.argv.slice(2), CATALOGUE));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
