import { join } from 'node:path';
import { type GoTool, type GoToolsOptions, goTools } from './go-tools.ts';

function kubernetes(name: string): GoTool {
  return {
    package: `k8s.io/kubernetes/cmd/${name}`,
    module: 'k8s.io/kubernetes',
    product: 'kubernetes',
    variables: versionVariables,
  };
}

const TOOLS = {
  etcd: { package: 'go.etcd.io/etcd/server/v3', module: 'go.etcd.io/etcd/server/v3', product: 'etcd' },
  'kube-apiserver': kubernetes('kube-apiserver'),
  kubectl: kubernetes('kubectl'),
} as const satisfies Record<string, GoTool>;

/** The name of a program of a control plane. */
export type KubeTool = keyof typeof TOOLS;

/**
 * Paths of the real etcd, kube-apiserver and kubectl, built from source into the cache where they are not there yet: 6 to 7
 * minutes on two cores, once for each version. Throws ToolUnavailableError when Go is missing or the build fails.
 */
export function kubeBinaries(options: GoToolsOptions = {}): Promise<Readonly<Record<KubeTool, string>>> {
  return goTools(join(import.meta.dirname, 'kubernetes'), TOOLS, options);
}

/** Without these a Kubernetes program says that it is v0.0.0. */
function versionVariables(version: string): readonly string[] {
  const [major, minor] = version.split('.');
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((name) => [
    `${name}.gitVersion=v${version}`,
    `${name}.gitMajor=${major}`,
    `${name}.gitMinor=${minor}`,
    `${name}.gitTreeState=clean`,
  ]);
}
