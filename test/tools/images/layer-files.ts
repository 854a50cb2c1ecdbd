import { glob, lstat, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import type { DebianFiles, LayerRecipe, LayerSource } from '@dot-kube/proxy/image';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { ToolUnavailableError } from '../../../operator/local/tools/tool-error.ts';
import type { Architecture } from './architecture.ts';
import type { Component } from './component.ts';
import type { DebianPackage } from './debian-packages.ts';
import { bundle } from './operator-bundle.ts';
import type { Program } from './programs.ts';
import { ROOT } from './root.ts';
import type { TarEntry } from './tar.ts';

/** The files of a layer, and the software that they belong to. */
export interface LayerFiles {
  readonly entries: readonly TarEntry[];
  readonly components: readonly Component[];
}

/** What layers are made of beside the checkout. */
export interface LayerInputs {
  readonly architecture: Architecture;
  debian(name: string): DebianPackage;
  envoy(): Promise<Program>;
  node(): Promise<Program>;
  'cni-plugin'(): Promise<Program>;
}

/** Collects the files of a layer. */
export async function layerFiles(layer: LayerRecipe, inputs: LayerInputs): Promise<LayerFiles> {
  const parts: LayerFiles[] = [];
  for (const source of layer.sources) parts.push(await sourceFiles(source, inputs));
  return {
    entries: parts.flatMap(({ entries }) => entries),
    components: parts.flatMap(({ components }) => components),
  };
}

async function sourceFiles(source: LayerSource, inputs: LayerInputs): Promise<LayerFiles> {
  switch (source.kind) {
    case 'debian':
      return debianFiles(source, inputs.debian(source.package), inputs.architecture);
    case 'checkout':
      return { entries: await checkoutEntries(source.files, source.below), components: [] };
    case 'bundle':
      return bundle(source);
    case 'cni-plugin':
    case 'envoy':
    case 'node': {
      const { data, license, component } = await inputs[source.kind]();
      const entries: TarEntry[] = [{ kind: 'file', path: source.path, mode: 0o755, data }];
      if (license !== undefined)
        entries.push({ kind: 'file', path: `usr/share/doc/${source.kind}/LICENSE`, mode: 0o644, data: license });
      return { entries, components: [component] };
    }
    case 'text': {
      const { path, text } = source;
      return { entries: [{ kind: 'file', path, mode: 0o644, data: Buffer.from(text) }], components: [] };
    }
    case 'folder':
    case 'link':
      return { entries: [source], components: [] };
  }
}

async function checkoutEntries(patterns: readonly string[], below: string): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  for (const pattern of patterns) {
    const before = entries.length;
    for await (const path of glob(pattern, { cwd: ROOT })) {
      if (path.endsWith('.test.ts')) continue;
      entries.push({ kind: 'file', path: `${below}/${path}`, mode: 0o644, data: await readFile(join(ROOT, path)) });
    }
    if (entries.length === before) throw new Error(`the checkout has no ${pattern}`);
  }
  return entries;
}

async function debianFiles(
  source: DebianFiles,
  { path, sha256, version }: DebianPackage,
  architecture: Architecture,
): Promise<LayerFiles> {
  const scratch = await mkdtemp(join(tmpdir(), 'dot-kube-deb-'));
  try {
    // With the control files in a folder DEBIAN.
    await dpkgDeb('--raw-extract', path, scratch);
    const files = (await readdir(scratch, { recursive: true })).sort();
    const entries: TarEntry[] = [];
    const documents = `usr/share/doc/${source.package}`;
    // Packages of one source may share a folder.
    const isLinked = (await lstat(join(scratch, documents))).isSymbolicLink();
    for (const pattern of [...source.files, isLinked ? documents : `${documents}/copyright`]) {
      const matching = files.filter((file) => posix.matchesGlob(file, pattern));
      // The loader's own folder is on some architectures only.
      if (matching.length === 0 && !pattern.startsWith('lib*/'))
        throw new Error(`${source.package} ${version} has no ${pattern}`);
      for (const file of matching) entries.push(await entryOf(scratch, file));
    }
    const record = `var/lib/dpkg/status.d/${source.package}`;
    entries.push({ kind: 'file', path: record, mode: 0o644, data: await readFile(join(scratch, 'DEBIAN/control')) });
    const component: Component = {
      name: source.package,
      version,
      purl: `pkg:deb/debian/${source.package}@${encodeURIComponent(version)}?arch=${architecture}&distro=debian-12`,
      checksum: { algorithm: 'SHA256', value: sha256 },
      purpose: source.package === 'base-files' ? 'OPERATING-SYSTEM' : 'LIBRARY',
    };
    return { entries, components: [component] };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function entryOf(directory: string, file: string): Promise<TarEntry> {
  const path = file.replace(/^(lib|lib64|bin|sbin)\//, 'usr/$1/');
  const from = join(directory, file);
  const found = await lstat(from);
  if (found.isSymbolicLink()) return { kind: 'link', path, target: await readlink(from) };
  if (!found.isFile()) throw new Error(`${file} is neither a file nor a link`);
  // Neither setuid nor setgid, and nobody but root writes.
  return { kind: 'file', path, mode: found.mode & 0o755, data: await readFile(from) };
}

async function dpkgDeb(...args: readonly string[]): Promise<void> {
  const { exitCode, tail } = await runCommand('dpkg-deb', args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  if (exitCode !== 0) throw new ToolUnavailableError(`dpkg-deb ${args.join(' ')} failed:\n${tail}`);
}
