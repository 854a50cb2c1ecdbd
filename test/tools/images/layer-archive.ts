import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { blobOf, LAYER, type Layer, sha256 } from './oci-image.ts';
import { type TarEntry, tarOf } from './tar.ts';

const compress = promisify(zstdCompress);

/** Half a minute of a core for all images; 19 takes ten times as long for 13 % less. */
const LEVEL = 9;

/** A layer of these files. What was compressed before is taken from the cache. */
export async function layerArchive(name: string, entries: readonly TarEntry[], cache: string): Promise<Layer> {
  const archive = tarOf(entries);
  const diffId = sha256(archive);
  const path = join(
    cache,
    'images',
    'layers',
    `${diffId.replace('sha256:', '')}.zstd-${LEVEL}-${process.versions['zstd']}`,
  );
  const kept = await readFile(path).catch(() => undefined);
  if (kept !== undefined) return { name, diffId, size: archive.length, blob: blobOf(LAYER, kept) };
  const data = await compress(archive, {
    params: {
      [constants.ZSTD_c_compressionLevel]: LEVEL,
      [constants.ZSTD_c_checksumFlag]: 1,
      [constants.ZSTD_c_nbWorkers]: 0,
    },
    // Readers see how much there is to come.
    pledgedSrcSize: archive.length,
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, data);
  await rename(`${path}.${process.pid}`, path);
  return { name, diffId, size: archive.length, blob: blobOf(LAYER, data) };
}
