import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../operator/local/tools/cache-directory.ts';
import { runCommand } from '../../operator/local/tools/command.ts';
import { ToolUnavailableError } from '../../operator/local/tools/tool-error.ts';

const SOURCE = join(import.meta.dirname, '..', '..', 'operator', 'cni', 'plugin');

/**
 * Path of the CNI plugin's program, static and stripped, built anew when its source has changed; beside it is the licence of Go's
 * library, LICENSE. Throws ToolUnavailableError.
 */
export async function cniPlugin(architecture?: 'amd64' | 'arm64'): Promise<string> {
  const files = await Promise.all(['go.mod', 'main.go'].map((name) => readFile(join(SOURCE, name))));
  const hash = createHash('sha256');
  for (const file of files) hash.update(file);
  const version = `${hash.digest('hex').slice(0, 16)}${architecture === undefined ? '' : `-${architecture}`}`;
  const directory = join(cacheDirectory(process.env), 'cni-plugin', version);
  const path = join(directory, 'dot-kube-cni');
  const license = join(directory, 'LICENSE');
  if ((await isThere(path)) && (await isThere(license))) return path;
  await mkdir(directory, { recursive: true });
  const scratch = `${path}.${process.pid}`;
  const env = { ...process.env, CGO_ENABLED: '0', ...(architecture === undefined ? {} : { GOARCH: architecture }) };
  const args = ['build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w -buildid=', '-o', scratch, '.'];
  const { exitCode, tail } = await runCommand('go', args, { cwd: SOURCE, env });
  if (exitCode !== 0) throw new ToolUnavailableError(`the CNI plugin does not build: ${tail}`);
  const { stdout } = await runCommand('go', ['env', 'GOROOT'], { cwd: SOURCE, env });
  await copyFile(join(stdout.trim(), 'LICENSE'), license);
  await rename(scratch, path);
  return path;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
