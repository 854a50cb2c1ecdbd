import { createHash } from 'node:crypto';
import { access, chmod, mkdir, readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheDirectory } from '../../../operator/local/tools/cache-directory.ts';
import { CommandMissingError, runCommand } from '../../../operator/local/tools/command.ts';
import type { Say } from './say.ts';
import { UsageError } from './usage-error.ts';

/** The programs that the side-by-side measurements need, ready to run. */
export interface SharedPrograms {
  readonly xdsload: string;
  readonly istiod: string;
  /** SHA-256 of istiod.xz, hexadecimal: which istiod the figures are of. */
  readonly istiodDigest: string;
}

/** Where the load program's sources and istiod are: what was passed, the environment, or beside the checkout. Throws {@link UsageError}. */
export async function findShared(
  given: string | undefined,
  environment: NodeJS.ProcessEnv,
  root: string,
): Promise<string> {
  const named = given ?? environment['DOT_KUBE_BENCH_SHARED'];
  const folder = resolve(root, named ?? '../shared/bench');
  for (const file of ['xdsload/main.go', 'istiod.xz']) {
    try {
      await access(join(folder, file));
    } catch {
      throw new UsageError(
        `${join(folder, file)} is not there: pass the folder that holds xdsload/ (Go sources of the load program) and istiod.xz ` +
          `with --shared PATH or DOT_KUBE_BENCH_SHARED; the parts that need neither are named by --help`,
      );
    }
  }
  return folder;
}

/** Builds xdsload and unpacks istiod into the cache where they are not there yet; writes nothing into the shared folder. */
export async function prepareShared(folder: string, say: Say): Promise<SharedPrograms> {
  const cache = join(cacheDirectory(), 'bench');
  await mkdir(cache, { recursive: true });
  const sources = await Promise.all(['main.go', 'go.sum'].map((name) => readFile(join(folder, 'xdsload', name))));
  const xdsload = join(cache, `xdsload-${digest(Buffer.concat(sources)).slice(0, 12)}`);
  const packed = join(folder, 'istiod.xz');
  const istiodDigest = digest(await readFile(packed));
  const istiod = join(cache, `istiod-${istiodDigest.slice(0, 12)}`);
  if (!(await exists(xdsload))) {
    say('building xdsload (Go, a minute or two, once)');
    await produce(xdsload, async (path) => goBuild(join(folder, 'xdsload'), path));
  }
  if (!(await exists(istiod))) {
    say('unpacking istiod (once)');
    await produce(istiod, async (path) => unpack(packed, path));
  }
  return { xdsload, istiod, istiodDigest };
}

async function goBuild(directory: string, output: string): Promise<void> {
  const environment = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly' };
  const args = ['build', '-trimpath', '-buildvcs=false', '-o', output, '.'];
  await succeed('go', args, 'Go 1.26 or later builds xdsload (https://go.dev/dl)', {
    cwd: directory,
    env: environment,
  });
}

/** By xz, or by the Python that most machines have. */
async function unpack(packed: string, output: string): Promise<void> {
  const script = 'import lzma,shutil,sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"), 1<<20)';
  const hint = 'xz (of xz-utils) or python3 unpacks istiod.xz: install one of them';
  try {
    await succeed('sh', ['-c', 'command -v xz >/dev/null || exit 127; exec xz -dkc "$0" > "$1"', packed, output], hint);
  } catch {
    await succeed('python3', ['-c', script, packed, output], hint);
  }
}

async function succeed(
  command: string,
  args: readonly string[],
  hint: string,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  try {
    const { exitCode, tail } = await runCommand(command, args, options);
    if (exitCode !== 0) throw new UsageError(`${command} failed (${hint}):\n${tail}`);
  } catch (cause) {
    if (cause instanceof CommandMissingError) throw new UsageError(`there is no ${command}: ${hint}`, { cause });
    throw cause;
  }
}

/** Whoever looks sees the whole program or none. */
async function produce(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await make(temporary);
  await chmod(temporary, 0o755);
  await rename(temporary, path);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
