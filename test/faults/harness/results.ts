import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlResult, FaultResult } from './run-fault.ts';

/** Writes a result where the next reader looks for it: `F1.json`. */
export async function writeResult(folder: string, result: FaultResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.id}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
}

/** Throws when there is none. */
export async function readResult(folder: string, id: string): Promise<FaultResult> {
  return JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')) as FaultResult;
}

/** The lines that are printed when a fault is over. */
export function linesOf(result: FaultResult): readonly string[] {
  const checks = result.checks.map(({ passed, name, expected, measured }) =>
    passed ? `  ✓ ${name}: ${measured}` : `  ✗ ${name}: ${measured}, expected ${expected}`,
  );
  const controls = result.controls.map((control) => `  ${control.passed ? '✓' : '✗'} ${controlText(control)}`);
  const error = result.error === undefined ? [] : [`  ✗ ${result.error.replaceAll('\n', '\n    ')}`];
  return [...checks, ...error, ...controls];
}

function controlText({ passed, title, check, measured }: ControlResult): string {
  return passed
    ? `with the bug "${title}" it fails: ${measured}`
    : `the bug "${title}" must turn "${check}" red: ${measured}`;
}

/** The table of a whole run, as Markdown. */
export function tableOf(
  results: readonly FaultResult[],
  run: { readonly minutes: number; readonly machine: string },
): string {
  const failed = results.filter(({ passed }) => !passed).length;
  const controls = results.flatMap((result) => result.controls);
  const found = controls.filter(({ passed }) => passed).length;
  return [
    '# Faults and attacks: what is expected, what was measured',
    '',
    'Written by `npm run test:faults`; how it works is in [README.md](README.md). No request is retried, neither by its caller nor by the mesh, and',
    'connections that fail and time-outs count as failures. Where none of N failed, the 95 % upper bound 3/N stands beside it.',
    '',
    `${results.length - failed} of ${results.length} are as expected, and ${found} of ${controls.length} planted bugs were found, in ${run.minutes.toFixed(0)} minutes on ${run.machine}.`,
    '',
    '| | What happens | Expected | Measured | |',
    '|---|---|---|---|---|',
    ...results.map(rowOf),
    '',
    ...(controls.length === 0
      ? []
      : [
          '## Controls',
          '',
          'Each of these bugs was planted in a copy of the tree, and the check beside it had to turn red.',
          '',
          '| | Bug | Check | Measured with it | |',
          '|---|---|---|---|---|',
          ...results.flatMap(({ id, controls }) => controls.map((control) => controlRowOf(id, control))),
          '',
        ]),
  ].join('\n');
}

function rowOf({ id, title, expected, checks, error, passed }: FaultResult): string {
  const measured = checks.map((check) => `${check.passed ? '' : '**✗** '}${check.name}: ${check.measured}`);
  if (error !== undefined) measured.push(`could not be tried: ${error.split('\n')[0]}`);
  return `| ${id} | ${cell(title)} | ${cell(expected)} | ${measured.map(cell).join('<br>')} | ${mark(passed)} |`;
}

function controlRowOf(id: string, { title, check, measured, passed }: ControlResult): string {
  return `| ${id} | ${cell(title)} | ${cell(check)} | ${cell(measured)} | ${passed ? 'red' : '**not found**'} |`;
}

function mark(passed: boolean): string {
  return passed ? '✓' : '**✗**';
}

/** Text that stays in its cell. */
function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ').trim();
}
