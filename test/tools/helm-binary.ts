import { join } from 'node:path';
import { type GoTool, type GoToolsOptions, goTools } from './go-tools.ts';

const HELM: GoTool = {
  package: 'helm.sh/helm/v3/cmd/helm',
  module: 'helm.sh/helm/v3',
  product: 'helm',
  // Without these it says that it is v3.0, and takes a cluster that it has not asked for v1.20.
  variables: (version) => [
    `helm.sh/helm/v3/internal/version.version=v${version}`,
    'helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1',
    'helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=36',
  ],
};

/**
 * Path of the real Helm, built from source into the cache where it is not there yet: 2 to 3 minutes on two cores, once for each
 * version. Throws ToolUnavailableError when Go is missing or the build fails.
 */
export async function helmBinary(options: GoToolsOptions = {}): Promise<string> {
  return (await goTools(join(import.meta.dirname, 'helm'), { helm: HELM }, options)).helm;
}
