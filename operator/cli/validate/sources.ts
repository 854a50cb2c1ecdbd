import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { listFolder } from '../../local/folder/read-folder.ts';
import { type CommandIo, UsageError } from '../command.ts';

/** A text to check, under the name that it is told by. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** The texts of files, of all manifests below folders, and of standard input (`-`). Throws UsageError for what is not there. */
export async function readSources(
  names: readonly string[],
  { readStdin, workingDirectory }: Pick<CommandIo, 'readStdin' | 'workingDirectory'>,
): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const name of names) {
    if (name === '-') {
      sources.push({ name: 'stdin', text: await readStdin() });
      continue;
    }
    for (const path of await filesOf(name, workingDirectory))
      sources.push({ name: path, text: await readFile(resolve(workingDirectory, path), 'utf8') });
  }
  return sources;
}

/** In the words in which they were asked for: relative names stay relative. */
async function filesOf(name: string, workingDirectory: string): Promise<readonly string[]> {
  const path = resolve(workingDirectory, name);
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (cause) {
    throw new UsageError(`there is no file or folder ${name}`, { cause });
  }
  if (!isFolder) return [name];
  const { files } = await listFolder(path);
  return files.map((file) => join(name, file.slice(path.length)));
}
