import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess } from '../../tools/process.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import type { Fault, Plant } from '../fault.ts';
import { readResult } from './results.ts';
import type { ControlResult, FaultResult } from './run-fault.ts';

/** What a run needs of the tree. */
const PARTS = [
  'proxy',
  'operator',
  'test',
  'crds',
  'cdk8s',
  'examples',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** Plants a bug in a copy of the tree at `root` and runs the fault's short form there; does not throw. */
export async function runControl(
  root: string,
  fault: Fault,
  plant: Plant,
  say: (line: string) => void,
): Promise<ControlResult> {
  const { title, fails: check } = plant;
  const scratch = await scratchDirectory('planted');
  try {
    const copy = join(scratch, 'tree');
    await copyTree(root, copy);
    const file = join(copy, plant.file);
    await writeFile(file, planted(await readFile(file, 'utf8'), plant));
    const results = join(scratch, 'results');
    const output = await runCopy(
      copy,
      ['test/faults/run.ts', fault.id, '--short', '--no-controls', '--json', results],
      say,
    );
    const result = await readResult(results, fault.id).catch(() => undefined);
    return { title, check, ...verdictOf(result, check, output) };
  } catch (error) {
    return { title, check, passed: false, measured: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The text with the bug in it. Throws when it is not clear where the bug belongs. */
export function planted(text: string, { file, find, replace }: Plant): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(
      `${JSON.stringify(find)} occurs ${more.length + (after === undefined ? 0 : 1)} times in ${file}, not once: mend the control`,
    );
  return `${before}${replace}${after}`;
}

/** Whether the check turned red, and by itself: a run that breaks shows nothing. */
export function verdictOf(
  result: FaultResult | undefined,
  check: string,
  output: string,
): Pick<ControlResult, 'passed' | 'measured'> {
  if (result === undefined) return { passed: false, measured: `the run ended without a result: ${output.slice(-500)}` };
  if (result.error !== undefined) return { passed: false, measured: `the run broke: ${result.error}` };
  const found = result.checks.find(({ name }) => name === check);
  if (found === undefined) {
    const names = result.checks.map(({ name }) => `"${name}"`).join(', ');
    return { passed: false, measured: `there is no such check, only ${names}` };
  }
  return { passed: !found.passed, measured: found.passed ? `it stays green: ${found.measured}` : found.measured };
}

/** Copies sources; dependencies are linked, and our own packages are the copy's. */
async function copyTree(root: string, copy: string): Promise<void> {
  await mkdir(copy, { recursive: true });
  const isSource = (path: string): boolean => !/\/(node_modules|dist)$/.test(path);
  for (const part of PARTS) await cp(join(root, part), join(copy, part), { recursive: true, filter: isSource });
  const modules = join(copy, 'node_modules');
  await mkdir(join(modules, '@dot-kube'), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== '@dot-kube') await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  for (const name of ['proxy', 'operator', 'cdk8s']) await symlink(join(copy, name), join(modules, '@dot-kube', name));
}

async function runCopy(copy: string, args: readonly string[], say: (line: string) => void): Promise<string> {
  const output: string[] = [];
  const running = await startProcess({
    command: process.execPath,
    args,
    cwd: copy,
    deathSignal: 'SIGTERM',
    onOutput: (chunk) => {
      const text = chunk.toString();
      output.push(text);
      for (const line of text.split('\n')) if (line !== '') say(`  | ${line}`);
    },
  });
  await running.exited;
  return output.join('');
}
