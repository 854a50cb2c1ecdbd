import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { findOnPath } from '../../../operator/local/tools/executable.ts';
import { packImage } from './image-archive.ts';

/** What every pod's sandbox runs. */
export const PAUSE_IMAGE = 'localhost/pause:1';
export const COREDNS_IMAGE = 'localhost/coredns:1';
/** busybox with all its commands (`sh`, `wget`, `nslookup`, `httpd`, `nc`…), for tests. */
export const BUSYBOX_IMAGE = 'localhost/busybox:1';

/** An archive for `ctr images import`. */
export interface ImageArchive {
  readonly name: string;
  readonly path: string;
}

/** Compiles the program that holds a pod's namespaces, and returns its path. */
export async function compilePause(directory: string): Promise<string> {
  const path = join(directory, 'pause');
  const { exitCode, tail } = await runCommand('cc', [
    '-static',
    '-Os',
    '-s',
    '-o',
    path,
    join(import.meta.dirname, 'pause.c'),
  ]);
  if (exitCode !== 0) throw new Error(`pause.c cannot be compiled:\n${tail}`);
  return path;
}

/** The images that every node has. */
export async function ownImages(directory: string, pause: string, coredns: string): Promise<readonly ImageArchive[]> {
  const pack = async (name: string, program: string, path: string, user: string) => {
    const files = join(directory, 'files', name.replaceAll(/[/:]/g, '_'));
    await mkdir(join(files, path, '..'), { recursive: true });
    await copyFile(program, join(files, path));
    await chmod(join(files, path), 0o755);
    if (name === BUSYBOX_IMAGE) await addCommands(files);
    return { name, path: await packImage(directory, name, files, { Cmd: [path], User: user, Env: ['PATH=/bin'] }) };
  };
  const busybox = await findOnPath('busybox', { PATH: '/usr/local/bin:/usr/bin:/bin' });
  return Promise.all([
    pack(PAUSE_IMAGE, pause, '/pause', '65535:65535'),
    pack(COREDNS_IMAGE, coredns, '/coredns', '0:0'),
    pack(BUSYBOX_IMAGE, busybox ?? 'busybox', '/bin/busybox', '65532:65532'),
  ]);
}

/** Its other names, and the shared libraries that it is linked with. */
async function addCommands(files: string): Promise<void> {
  await shell(
    'mkdir tmp && chmod 1777 tmp && for c in $(bin/busybox --list); do [ -e bin/$c ] || ln -s busybox bin/$c; done',
    files,
  );
  await shell('for f in $(ldd bin/busybox | grep -o "/[^ ]*"); do mkdir -p .${f%/*} && cp -L $f .$f; done', files);
}

async function shell(script: string, cwd: string): Promise<void> {
  const { exitCode, tail } = await runCommand('sh', ['-ec', script], { cwd });
  if (exitCode !== 0) throw new Error(`${script}: ${tail}`);
}
