import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundle } from '../../tools/images/operator-bundle.ts';
import { ROOT } from '../../tools/images/root.ts';

/** The operator as its image has it: bundled, in `directory`. Answers the path of the program. */
export async function bundleOperator(directory: string): Promise<string> {
  const below = 'app';
  const { entries } = await bundle({ programs: { operator: 'operator/main.ts' }, modules: {}, below });
  for (const entry of entries) {
    if (entry.kind !== 'file') continue;
    const path = join(directory, entry.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, entry.data);
  }
  // It says its version.
  const version = join(directory, below, 'operator', 'package.json');
  await mkdir(dirname(version), { recursive: true });
  await copyFile(join(ROOT, 'operator', 'package.json'), version);
  return join(directory, below, 'operator.mjs');
}
