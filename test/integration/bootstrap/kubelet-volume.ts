import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A folder that changes as the kubelet's ConfigMap and projected volumes do: every file is a link into `..data`, which is a
 * link to a folder of its own for each version and is swapped by a rename.
 */
export class KubeletVolume {
  readonly path: string;
  #version = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Puts all files there, the old ones away, at one moment. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    this.#version += 1;
    const version = `..version-${this.#version}`;
    await mkdir(join(this.path, version), { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(this.path, version, name), text, { mode: 0o600 });
      if (this.#version === 1) await symlink(join('..data', name), join(this.path, name));
    }
    await symlink(version, join(this.path, '..data_tmp'));
    await rename(join(this.path, '..data_tmp'), join(this.path, '..data'));
  }
}
