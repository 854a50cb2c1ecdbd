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

/** What a cluster with nodes runs beside them. */
const NODE_TOOLS = {
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  kubelet: kubernetes('kubelet'),
  'kube-proxy': kubernetes('kube-proxy'),
} as const satisfies Record<string, GoTool>;

/** The name of a program of a control plane. */
export type KubeTool = keyof typeof TOOLS;

/** The name of a program of a cluster with nodes. */
export type NodeTool = KubeTool | keyof typeof NODE_TOOLS;

/** The newest Kubernetes that the project is tested with, or the oldest that it supports. */
export type KubernetesRelease = 'newest' | 'oldest';

/** Which binaries, and how to build them. */
export interface KubeBinariesOptions extends GoToolsOptions {
  /** The release of kube-apiserver; default `newest`. etcd and kubectl are always the newest. */
  readonly release?: KubernetesRelease;
}

/**
 * Paths of the real etcd, kube-apiserver and kubectl, built from source into the cache where they are not there yet: 6 to 7
 * minutes on two cores, once for each version, and about as long again for `oldest`: a fifth of its packages are the newest's. Throws
 * ToolUnavailableError when Go is missing or the build fails.
 */
export async function kubeBinaries(options: KubeBinariesOptions = {}): Promise<Readonly<Record<KubeTool, string>>> {
  if (options.release !== 'oldest') return goTools(join(import.meta.dirname, 'kubernetes'), TOOLS, options);
  const { 'kube-apiserver': server, ...others } = TOOLS;
  const oldest = join(import.meta.dirname, 'kubernetes-oldest');
  return {
    ...(await goTools(join(import.meta.dirname, 'kubernetes'), others, options)),
    ...(await goTools(oldest, { 'kube-apiserver': server }, options)),
  };
}

/**
 * Paths of everything that a cluster with nodes runs but CoreDNS; built where it is not there yet, like `kubeBinaries`, and what that
 * has built is not built again.
 */
export function nodeBinaries(options: GoToolsOptions = {}): Promise<Readonly<Record<NodeTool, string>>> {
  return goTools(join(import.meta.dirname, 'kubernetes'), { ...TOOLS, ...NODE_TOOLS }, options);
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
