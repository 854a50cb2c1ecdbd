import { relative } from 'node:path';
import type { Api } from '../../framework/api/api.ts';
import { ApiError, isNotFound } from '../../framework/api/api-error.ts';
import { type KubernetesObject, refOf } from '../../framework/api/object.ts';
import { type Clock, sleep } from '../../framework/clock.ts';
import type { LocatedFinding } from '../../validation/index.ts';
import { type FileVersion, readVersion } from './file-version.ts';
import { type Accepted, acceptFiles, diffFolder, folderObjects } from './folder-contents.ts';
import { FolderWatcher } from './folder-watcher.ts';
import { kindOf } from './object-key.ts';
import { listFolder, readText } from './read-folder.ts';

/** Who owns the fields that the files say. */
export const FOLDER_MANAGER = 'dotkube-local';

/** What one reading of the folder led to. */
export interface FolderReport {
  /** Objects that were written or deleted. */
  readonly applied: readonly KubernetesObject[];
  readonly removed: readonly KubernetesObject[];
  /** All that is wrong with the files now. A file with an error is in force as it was. */
  readonly findings: readonly LocatedFinding[];
  /** What the API refused, in words. */
  readonly refused: readonly string[];
}

/** Where the manifests are, and where they go. */
export interface FolderSourceOptions {
  readonly root: string;
  readonly api: Pick<Api, 'apply' | 'delete'>;
  readonly clock: Clock;
  /** Told of every reading that changed anything, or whose findings are others than before; must not throw. */
  readonly onReport: (report: FolderReport) => void;
}

/** How long an object has to be gone from the files before it is deleted. */
const CONFIRM_MS = 150;

interface CachedText {
  readonly text: string;
  readonly version: FileVersion;
}

/** Keeps an API at what the YAML files below a folder say. */
export class FolderSource {
  readonly #options: FolderSourceOptions;
  readonly #watcher: FolderWatcher;
  readonly #texts = new Map<string, CachedText>();
  #accepted: Accepted = new Map();
  #objects: ReadonlyMap<string, KubernetesObject> = new Map();
  #findings = '';
  #reading: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(options: FolderSourceOptions) {
    this.#options = options;
    const { clock, root } = options;
    this.#watcher = new FolderWatcher({ root, clock, onChange: () => void this.#readSoon() });
  }

  /** Reads the folder for the first time and watches it from then on. Throws when there is no such folder. */
  async start(): Promise<void> {
    const listing = await listFolder(this.#options.root);
    // Before the reading: what changes meanwhile is read again.
    this.#watcher.cover(listing.directories);
    await this.#readSoon();
  }

  /** Stops watching; returns when a reading that is under way is over. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#watcher.close();
    await this.#reading;
  }

  /** One reading at a time; a change during one makes another. */
  async #readSoon(): Promise<void> {
    if (this.#closed) return;
    this.#again = true;
    this.#reading ??= this.#readAll();
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.#read();
      }
    } finally {
      this.#reading = undefined;
    }
  }

  async #read(): Promise<void> {
    let read = await this.#compare();
    if (read !== undefined && read.diff.remove.length > 0 && this.#objects.size > 0) {
      // Some editors empty or move a file before they write it anew: what is gone has to stay gone for a moment.
      await sleep(this.#options.clock, CONFIRM_MS);
      read = await this.#compare();
    }
    if (read === undefined) return;
    const { accepted, diff, folder, versions } = read;
    const { apply, remove } = diff;
    const refused = [...(await this.#each(apply, 'apply')), ...(await this.#each(remove, 'delete'))];
    this.#accepted = accepted;
    this.#objects = folder.objects;
    const findings = [...[...versions.values()].flatMap((version) => version.findings), ...folder.findings];
    const told = JSON.stringify(findings);
    if (apply.length + remove.length + refused.length === 0 && told === this.#findings) return;
    this.#findings = told;
    this.#options.onReport({ applied: apply, removed: remove, findings, refused });
  }

  /** What the files say now, against what is in force; undefined while the folder cannot be read. */
  async #compare() {
    const versions = await this.#versions();
    if (versions === undefined) return undefined;
    const accepted = acceptFiles(this.#accepted, versions);
    const folder = folderObjects(accepted);
    return { accepted, diff: diffFolder(this.#objects, folder.objects), folder, versions };
  }

  /** The files as they are now; undefined while the folder cannot be read. */
  async #versions(): Promise<ReadonlyMap<string, FileVersion> | undefined> {
    const { root } = this.#options;
    try {
      const { directories, files } = await listFolder(root);
      this.#watcher.cover(directories);
      const versions = new Map<string, FileVersion>();
      for (const path of files) {
        const text = await readText(path);
        if (text !== undefined) versions.set(path, this.#version(path, text));
      }
      return versions;
    } catch {
      // A folder that is moved away for a moment, as by a checkout, must not empty the mesh.
      return undefined;
    }
  }

  #version(path: string, text: string): FileVersion {
    const known = this.#texts.get(path);
    if (known?.text === text) return known.version;
    const shown = relative(process.cwd(), path);
    const version = readVersion(text, shown.startsWith('..') ? path : shown);
    this.#texts.set(path, { text, version });
    return version;
  }

  async #each(objects: readonly KubernetesObject[], verb: 'apply' | 'delete'): Promise<readonly string[]> {
    const { api } = this.#options;
    const refused: string[] = [];
    for (const object of objects) {
      try {
        if (verb === 'apply') await api.apply(kindOf(object), object, { fieldManager: FOLDER_MANAGER, force: true });
        else await api.delete(kindOf(object), refOf(object));
      } catch (error) {
        if (verb === 'delete' && isNotFound(error)) continue;
        refused.push(`${object.kind} ${object.metadata.name}: ${ApiError.from(error).message}`);
      }
    }
    return refused;
  }
}
