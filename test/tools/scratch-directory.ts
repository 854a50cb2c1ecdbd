import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProcessAlive } from '../../operator/local/tools/process-id.ts';

/**
 * A new folder for this process under the system's temporary folder. Those of the same `purpose` whose process was killed before it could
 * tidy up are removed on the way.
 */
export async function scratchDirectory(purpose: string, base: string = tmpdir()): Promise<string> {
  const prefix = `dot-kube-${purpose}-`;
  for (const name of await readdir(base)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (Number.isInteger(pid) && pid > 0 && !isProcessAlive(pid)) {
      await rm(join(base, name), { recursive: true, force: true });
    }
  }
  return mkdtemp(join(base, `${prefix}${process.pid}-`));
}
