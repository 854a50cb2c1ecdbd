import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cniPlugin } from '../cni-plugin.ts';
import type { Program, ProgramOptions } from './programs.ts';

/** What the linker puts before the version that a program was built with: https://pkg.go.dev/debug/buildinfo. */
const BUILD_INFO = Buffer.from('\xff Go buildinf:', 'latin1');
/** From there on it is a length of one byte, and the text. */
const VERSION_OFFSET = 32;

/** The program of our CNI plugin. It is ours, but for Go's library, which is all that it is made of beside. */
export async function cniPluginProgram({ architecture }: Pick<ProgramOptions, 'architecture'>): Promise<Program> {
  const path = await cniPlugin(architecture);
  const [data, license] = await Promise.all([readFile(path), readFile(join(dirname(path), 'LICENSE'))]);
  const version = goVersion(data);
  const purl = `pkg:golang/stdlib@${version}`;
  return { data, license, component: { name: 'stdlib', version, purl, license: 'BSD-3-Clause', purpose: 'LIBRARY' } };
}

function goVersion(program: Buffer): string {
  const start = program.indexOf(BUILD_INFO) + VERSION_OFFSET;
  const text = program.subarray(start + 1, start + 1 + (program[start] ?? 0)).toString('latin1');
  const version = /^go(\d[\w.]*)/.exec(text)?.[1];
  if (version === undefined) throw new Error('the CNI plugin does not say which Go it was built with');
  return version;
}
