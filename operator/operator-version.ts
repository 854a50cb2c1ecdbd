import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of this operator, which is that of the images; undefined where it runs without its package. */
export function operatorVersion(): string | undefined {
  // Compiled, it is one folder further down.
  for (const folder of [import.meta.dirname, dirname(import.meta.dirname)]) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        string
      >;
      if (name === '@dot-kube/operator') return version;
    } catch {
      // There is none here.
    }
  }
  return undefined;
}
