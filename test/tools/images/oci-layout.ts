import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OciImage } from './oci-image.ts';
import { type TarEntry, tarOf } from './tar.ts';

/** The files of an OCI image layout, as entries of an archive. */
export function layoutEntries(image: OciImage): readonly TarEntry[] {
  const file = (path: string, data: Buffer): TarEntry => ({ kind: 'file', path, mode: 0o644, data });
  const blobs = new Map(image.blobs.map(({ digest, data }) => [digest.replace('sha256:', 'blobs/sha256/'), data]));
  return [
    file('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')),
    file('index.json', Buffer.from(image.index)),
    ...[...blobs].map(([path, data]) => file(path, data)),
  ];
}

/** Writes a layout as the folder `path`, and as the archive `path.tar`. Who reads either sees the old one or the new one whole. */
export async function writeLayout(path: string, image: OciImage): Promise<void> {
  const entries = layoutEntries(image);
  const scratch = `${path}.${process.pid}`;
  try {
    for (const entry of entries) {
      if (entry.kind !== 'file') continue;
      const file = join(scratch, entry.path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, entry.data);
    }
    await writeFile(`${scratch}.tar`, tarOf(entries));
    await rm(path, { recursive: true, force: true });
    await rename(scratch, path);
    await rename(`${scratch}.tar`, `${path}.tar`);
  } finally {
    for (const left of [scratch, `${scratch}.tar`]) await rm(left, { recursive: true, force: true });
  }
}
