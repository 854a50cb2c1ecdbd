import type { Flag } from '../command.ts';

/** Which cluster: of every command that talks to one. */
export const CLUSTER_FLAGS = {
  kubeconfig: {
    type: 'string',
    value: 'FILE',
    help: 'how to reach the cluster; default: KUBECONFIG, ~/.kube/config, the service account of the pod',
  },
  context: { type: 'string', value: 'NAME', help: 'the context of the kubeconfig; default: the current one' },
} as const satisfies Readonly<Record<string, Flag>>;

/** Which namespace: of commands that are about one object. */
export const NAMESPACE_FLAG = {
  namespace: { type: 'string', short: 'n', value: 'NAME', help: 'its namespace; default: that of the context' },
} as const satisfies Readonly<Record<string, Flag>>;

/** How to print. */
export const OUTPUT_FLAG = {
  output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default), json or yaml' },
} as const satisfies Readonly<Record<string, Flag>>;
