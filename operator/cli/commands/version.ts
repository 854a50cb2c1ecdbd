import { type Command, EXIT } from '../command.ts';
import { ownVersion } from '../own-version.ts';

/** `dotkube version` */
export const version: Command = {
  usage: '',
  description: 'Prints the versions of dotkube, of Node.js, and of the Envoy that it is made for.',
  flags: {},
  async run(_call, { stdout }) {
    const { ENVOY_VERSION } = await import('../../local/tools/envoy-binary.ts');
    stdout.write(`dotkube ${await ownVersion()} (Node.js ${process.versions.node}, Envoy ${ENVOY_VERSION})\n`);
    return EXIT.ok;
  },
};
