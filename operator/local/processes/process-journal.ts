import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { signalGroup } from './child-process.ts';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

/**
 * The processes that a run has started, in a file: a later run ends those that survived a crash of everything else. An
 * entry that is another process by now is left alone.
 */
export class ProcessJournal {
  readonly #path: string;
  readonly #entries = new Map<number, ProcessIdentity>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Ends what the file still names and that runs, and starts over. Answers how many it ended. */
  async clean(): Promise<number> {
    let ended = 0;
    for (const entry of readEntries(this.#path)) {
      if (!(await isRunning(entry))) continue;
      signalGroup(entry.pid, 'SIGKILL');
      ended += 1;
    }
    this.#write();
    return ended;
  }

  async add(pid: number): Promise<void> {
    const identity = await identityOf(pid);
    if (identity === undefined) return;
    this.#entries.set(pid, identity);
    this.#write();
  }

  remove(pid: number): void {
    if (this.#entries.delete(pid)) this.#write();
  }

  /** Written at once and whole: a journal that lags behind a crash is worth nothing. */
  #write(): void {
    const temporary = `${this.#path}.new`;
    writeFileSync(temporary, `${JSON.stringify([...this.#entries.values()])}\n`, { mode: 0o600 });
    renameSync(temporary, this.#path);
  }
}

function readEntries(path: string): readonly ProcessIdentity[] {
  try {
    const entries: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(entries) ? entries.filter(isIdentity) : [];
  } catch {
    return [];
  }
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('began' in value)) return false;
  // 0 and 1 as groups would be ourselves and everybody.
  return Number.isInteger(value.pid) && Number(value.pid) > 1 && typeof value.began === 'string';
}
