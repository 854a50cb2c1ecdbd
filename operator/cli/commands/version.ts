import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, EXIT } from '../command.ts';

/** `dotkube version` */
export const version: Command = {
  usage: '',
  description: 'Prints the versions of dotkube, of Node.js, and of the Envoy that it is made for.',
  flags: {},
  async run(_call, { stdout }) {
    const { ENVOY_VERSION } = await import('../../local/tools/envoy-binary.ts');
    const text = await readFile(join(import.meta.dirname, '../../package.json'), 'utf8');
    const own = JSON.parse(text) as { readonly version: string };
    stdout.write(`dotkube ${own.version} (Node.js ${process.versions.node}, Envoy ${ENVOY_VERSION})\n`);
    return EXIT.ok;
  },
};
