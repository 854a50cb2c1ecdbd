import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CancelTimer, Clock } from '../../framework/clock.ts';
import { listFolder } from './read-folder.ts';

/** How to watch. */
export interface FolderWatcherOptions {
  readonly root: string;
  readonly clock: Clock;
  /** Called some milliseconds after a change; must not throw. */
  readonly onChange: () => void;
  /** Between a change and the call, so that the several writes of one save are one change. Default: 30 ms. */
  readonly debounceMs?: number;
  /** Between two looks where the system gives no more watches. Default: 300 ms. */
  readonly pollMs?: number;
}

/**
 * Tells of changes to the manifests below a folder. It watches folders and not files, because most editors replace a file by
 * renaming a new one over it. Call {@link FolderWatcher.cover} with the folders that there are after each reading.
 */
export class FolderWatcher {
  readonly #options: FolderWatcherOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  #cancelCall: CancelTimer | undefined;
  #cancelPoll: CancelTimer | undefined;
  #fingerprint = '';
  #closed = false;

  constructor(options: FolderWatcherOptions) {
    this.#options = options;
  }

  /** Watches exactly these folders from now on. */
  cover(directories: readonly string[]): void {
    if (this.#closed) return;
    const wanted = new Set(directories);
    for (const [directory, watcher] of this.#watchers) {
      if (!wanted.has(directory)) this.#drop(directory, watcher);
    }
    for (const directory of wanted) {
      if (!this.#watchers.has(directory)) this.#add(directory);
    }
  }

  close(): void {
    this.#closed = true;
    this.#cancelCall?.();
    this.#cancelPoll?.();
    for (const [directory, watcher] of this.#watchers) this.#drop(directory, watcher);
  }

  #add(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, (_event, name) => this.#changed(name));
      watcher.on('error', () => {
        this.#drop(directory, watcher);
        this.#poll();
      });
      this.#watchers.set(directory, watcher);
    } catch {
      // The system gives no more watches, or the folder is gone again.
      this.#poll();
    }
  }

  #drop(directory: string, watcher: FSWatcher): void {
    this.#watchers.delete(directory);
    watcher.close();
  }

  #changed(name: string | null): void {
    // Hidden names and copies are what editors write on the way; any other may be a manifest, or a folder of some.
    const concerned = name === null || !/^\.|~$/.test(basename(name));
    if (concerned) this.#callSoon();
  }

  #callSoon(): void {
    if (this.#closed || this.#cancelCall !== undefined) return;
    const { clock, onChange, debounceMs = 30 } = this.#options;
    this.#cancelCall = clock.setTimeout(() => {
      this.#cancelCall = undefined;
      onChange();
    }, debounceMs);
  }

  #poll(): void {
    if (this.#closed || this.#cancelPoll !== undefined) return;
    const { clock, pollMs = 300 } = this.#options;
    this.#cancelPoll = clock.setTimeout(() => {
      void this.#look();
    }, pollMs);
  }

  async #look(): Promise<void> {
    try {
      const { files } = await listFolder(this.#options.root);
      const stats = await Promise.all(files.map(async (file) => [file, await stat(file)] as const));
      const now = stats.map(([file, { mtimeMs, size, ino }]) => [file, mtimeMs, size, ino].join(' ')).join('\n');
      if (now !== this.#fingerprint) this.#callSoon();
      this.#fingerprint = now;
    } catch {
      this.#callSoon();
    }
    this.#cancelPoll = undefined;
    this.#poll();
  }
}
