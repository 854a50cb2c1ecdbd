import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from './cluster.ts';

/** Where the files of a run leave what they measured for the one that prints it. */
const PATH = join(ROOT, 'dist', 'e2e', 'footprint.json');

/** What was measured so far. */
export async function measurements(): Promise<Readonly<Record<string, unknown>>> {
  try {
    return JSON.parse(await readFile(PATH, 'utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** Adds to what was measured. */
export async function measured(values: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(dirname(PATH), { recursive: true });
  await writeFile(PATH, `${JSON.stringify({ ...(await measurements()), ...values }, undefined, 2)}\n`);
}
