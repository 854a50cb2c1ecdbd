import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TarEntry, withFolders } from './tar.ts';

/** Writes files as a container has them, owned by whoever runs this, into a folder that is new or empty. */
export async function writeRootFilesystem(directory: string, entries: readonly TarEntry[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const entry of withFolders(entries)) {
    const path = join(directory, entry.path);
    if (entry.kind === 'link') {
      await symlink(entry.target, path);
      continue;
    }
    if (entry.kind === 'folder') await mkdir(path);
    else await writeFile(path, entry.data, { flag: 'wx' });
    await chmod(path, entry.mode);
  }
}
