/**
 * `npm run images -- [name…] [flags]`: builds images without Docker. For each it writes an OCI image layout as the folder
 * `dist/images/<name>`, the same as `<name>.tar` (for `ctr images import`), and its bill of materials as `<name>.spdx.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImageRecipe } from '@dot-kube/proxy/image';
import { cacheDirectory } from '../../../operator/local/tools/cache-directory.ts';
import { withFileLock } from '../../../operator/local/tools/file-lock.ts';
import { type Architecture, ownArchitecture } from './architecture.ts';
import { type BuildOptions, type BuiltImage, buildImages, debianNames } from './build-images.ts';
import { readDebianLock, writeDebianLock } from './debian-lock.ts';
import { newestPackages } from './debian-packages.ts';
import { writeLayout } from './oci-layout.ts';
import { RECIPES } from './recipes.ts';
import { ROOT } from './root.ts';
import { writeRootFilesystem } from './root-filesystem.ts';

const USAGE = `Usage: npm run images -- [${Object.keys(RECIPES).join('|')}…] [flags]

  --arch ARCH      amd64 or arm64. Default: that of this machine.
  --output DIR     Default: dist/images, and dist/images-ARCH for another architecture.
  --locked         Fail where Debian does not serve the versions of proxy/image/debian-packages.json any more.
  --rootfs DIR     Write the files of one image there instead, as a container has them.
  --update         Write the newest versions of all Debian packages to that file, for both architectures.

SOURCE_DATE_EPOCH is the date of the images, in seconds since 1970; it is 0 where it is not set.
`;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      arch: { type: 'string' },
      output: { type: 'string' },
      locked: { type: 'boolean', default: false },
      rootfs: { type: 'string' },
      update: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  if (values.update) return updateLock();
  const recipes = recipesOf(positionals);
  const architecture = ownArchitecture(values.arch === 'amd64' ? 'x64' : values.arch);
  const options = { architecture, locked: values.locked, created: sourceDate(process.env['SOURCE_DATE_EPOCH']) };
  if (values.rootfs !== undefined) return rootFilesystem(recipes, resolve(values.rootfs), options);
  const folder = architecture === ownArchitecture() ? 'dist/images' : `dist/images-${architecture}`;
  const output = resolve(values.output ?? join(ROOT, folder));
  await mkdir(output, { recursive: true });
  await withFileLock(join(output, '.lock'), async () => {
    const started = performance.now();
    const images = await buildImages(Object.values(recipes), options);
    for (const [name, image] of Object.keys(recipes).map((key, index) => [key, images[index]] as const)) {
      if (image === undefined) continue;
      await writeLayout(join(output, name), image.image);
      await writeFile(join(output, `${name}.spdx.json`), image.sbom);
      process.stdout.write(lineOf(image));
    }
    process.stdout.write(`written to ${output} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  });
}

/** Those that are named, or all. */
function recipesOf(names: readonly string[]): Readonly<Record<string, ImageRecipe>> {
  if (names.length === 0) return RECIPES;
  return Object.fromEntries(
    names.map((name) => {
      const recipe = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
      if (recipe === undefined) throw new Error(`there is no image ${name}: ${Object.keys(RECIPES).join(', ')}`);
      return [name, recipe];
    }),
  );
}

function sourceDate(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (!/^\d{1,11}$/.test(text)) throw new Error(`SOURCE_DATE_EPOCH is a number of seconds, not ${text}`);
  return Number(text);
}

async function rootFilesystem(
  recipes: Readonly<Record<string, ImageRecipe>>,
  directory: string,
  options: BuildOptions,
): Promise<void> {
  const [image, ...more] = await buildImages(Object.values(recipes), options);
  if (image === undefined || more.length > 0) throw new Error('--rootfs is for one image: name it');
  await writeRootFilesystem(
    directory,
    image.layers.flatMap(({ entries }) => entries),
  );
}

async function updateLock(): Promise<void> {
  const names = debianNames(Object.values(RECIPES).flatMap(({ layers }) => layers));
  const before = await readDebianLock().catch(() => ({}));
  const lock = new Map<string, { version: string; sha256: Partial<Record<Architecture, string>> }>();
  for (const architecture of ['amd64', 'arm64'] as const) {
    for (const { name, version, sha256 } of await newestPackages(names, { cache: cacheDirectory(), architecture })) {
      const entry = lock.get(name) ?? { version, sha256: {} };
      if (entry.version !== version)
        throw new Error(`${name} is ${entry.version} for amd64 and ${version} for ${architecture}`);
      entry.sha256[architecture] = sha256;
      lock.set(name, entry);
    }
  }
  const missing = names.filter((name) => !lock.has(name));
  if (missing.length > 0) throw new Error(`apt knows no ${missing.join(', ')}`);
  const next = Object.fromEntries(lock);
  await writeDebianLock(next);
  for (const name of names) {
    const [old, now] = [(before as Readonly<Record<string, { version: string }>>)[name]?.version, next[name]?.version];
    if (old !== now) process.stdout.write(`${name}: ${old ?? 'new'} → ${now}\n`);
  }
}

function lineOf({ names, layers, image }: BuiltImage): string {
  const compressed = layers.reduce((total, { blob }) => total + blob.data.length, 0);
  const unpacked = layers.reduce((total, { size }) => total + size, 0);
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return `${names.join(', ')}  ${image.digest}  ${megabytes(compressed)}, unpacked ${megabytes(unpacked)}\n`;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`images: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
