import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Where the applications of a folder run: the root of the repository that it is in, or the folder itself. */
export async function workingDirectoryOf(folder: string): Promise<string> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (await exists(join(current, '.git'))) return current;
    if (current === dirname(current)) return resolve(folder);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
