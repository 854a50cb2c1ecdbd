import { join } from 'node:path';
import { type GoTool, type GoToolsOptions, goTools } from './go-tools.ts';

const VEGETA: GoTool = {
  package: 'github.com/tsenart/vegeta/v12',
  module: 'github.com/tsenart/vegeta/v12',
  product: 'vegeta',
  variables: (version) => [`main.Version=v${version}`],
};

/**
 * Path of the real vegeta, an open-loop HTTP load generator, built from source into the cache where it is not there yet: half a
 * minute on two cores, once for each version. Throws ToolUnavailableError when Go is missing or the build fails.
 */
export async function vegetaBinary(options: GoToolsOptions = {}): Promise<string> {
  return (await goTools(join(import.meta.dirname, 'vegeta'), { vegeta: VEGETA }, options)).vegeta;
}
