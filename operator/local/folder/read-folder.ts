import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** The YAML files below a folder and all folders that may come to hold one. */
export interface FolderListing {
  /** Sorted. */
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/** Files with these names are for tools that make manifests and are none themselves. */
const NO_MANIFESTS: ReadonlySet<string> = new Set([
  'Chart.yaml',
  'kustomization.yaml',
  'kustomization.yml',
  'values.yaml',
]);
const NO_FOLDERS: ReadonlySet<string> = new Set(['node_modules']);

/** Whether a file is read: `*.yaml` or `*.yml` that is not hidden. */
export function isManifestFile(path: string): boolean {
  const name = basename(path);
  return !name.startsWith('.') && /^\.ya?ml$/.test(extname(name)) && !NO_MANIFESTS.has(name);
}

/** Lists a folder; what vanishes meanwhile is left out. Links to folders are not followed, links to files are. */
export async function listFolder(root: string): Promise<FolderListing> {
  const files: string[] = [];
  const directories: string[] = [root];
  for (const directory of directories) {
    for (const entry of await entriesOf(directory, root)) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && !NO_FOLDERS.has(entry.name)) directories.push(path);
      } else if (isManifestFile(path) && (entry.isFile() || (await isFile(path)))) files.push(path);
    }
  }
  return { files: files.sort(), directories: directories.sort() };
}

/** The text of a file; undefined when it is gone. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function entriesOf(directory: string, root: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (isGone(error) && directory !== root) return [];
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
