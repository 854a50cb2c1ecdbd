import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CaStore, SaveResult, StoredRootState } from './ca-store.ts';
import { CaStoreError, formatRootState, parseRootState } from './ca-store.ts';
import type { RootState } from './root-state.ts';

const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/**
 * Keeps the roots in one file that only its owner can read (0600), for the local mode. The first save is
 * exclusive; a later one is compared with what is there, which is enough for the one process that owns it.
 */
export class FileCaStore implements CaStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<StoredRootState | undefined> {
    const text = await this.#read();
    if (text === undefined) return undefined;
    try {
      return { state: parseRootState(text), version: versionOf(text) };
    } catch (error) {
      if (error instanceof CaStoreError) throw new CaStoreError(`${this.#path}: ${error.message}`, { cause: error });
      throw error;
    }
  }

  async save(state: RootState, previousVersion: string | undefined): Promise<SaveResult> {
    const text = formatRootState(state);
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const temporary = `${this.#path}.${randomUUID()}`;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      return (await this.#put(temporary, previousVersion)) ? { kind: 'saved', version: versionOf(text) } : conflict;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #put(temporary: string, previousVersion: string | undefined): Promise<boolean> {
    if (previousVersion !== undefined) {
      const present = await this.#read();
      if (present === undefined || versionOf(present) !== previousVersion) return false;
      await rename(temporary, this.#path);
      return true;
    }
    try {
      // A hard link fails where the name exists, which a rename does not.
      await link(temporary, this.#path);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  async #read(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }
}

const conflict: SaveResult = { kind: 'conflict' };
