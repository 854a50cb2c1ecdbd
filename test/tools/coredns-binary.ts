import { join } from 'node:path';
import { type GoTool, type GoToolsOptions, goTools } from './go-tools.ts';

const COREDNS: GoTool = {
  package: 'github.com/coredns/coredns',
  module: 'github.com/coredns/coredns',
  product: 'coredns',
};

/**
 * Path of the real CoreDNS, built from source into the cache where it is not there yet: 2 to 3 minutes on two cores, once for each
 * version. Throws ToolUnavailableError when Go is missing or the build fails.
 */
export async function corednsBinary(options: GoToolsOptions = {}): Promise<string> {
  return (await goTools(join(import.meta.dirname, 'coredns'), { coredns: COREDNS }, options)).coredns;
}
