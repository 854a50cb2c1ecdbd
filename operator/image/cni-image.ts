import { BASE_LAYER, type ImageRecipe, type LayerRecipe, NFT_LAYER, NONROOT } from '@dot-kube/proxy/image';
import { NODE_ENVIRONMENT, NODE_LAYER } from './node-layer.ts';

/** The agent of the CNI plugin, the plugin's program that it puts on the node, and nsenter, by which it gets into pods' networks. */
export const CNI_LAYER: LayerRecipe = {
  name: 'cni',
  sources: [
    { kind: 'debian', package: 'util-linux', files: ['usr/bin/nsenter'] },
    { kind: 'debian', package: 'libselinux1', files: ['lib/*/libselinux.so.*'] },
    { kind: 'debian', package: 'libpcre2-8-0', files: ['usr/lib/*/libpcre2-8.so.*'] },
    { kind: 'bundle', programs: { cni: 'operator/cni/main.ts' }, below: 'app' },
    { kind: 'checkout', files: ['LICENSE'], below: 'app' },
    { kind: 'cni-plugin', path: 'opt/dot-kube/bin/dot-kube-cni' },
  ],
};

/** The agent of the CNI plugin. Its DaemonSet runs it as root, which by itself it is not. */
export const CNI_IMAGE: ImageRecipe = {
  name: 'dot-kube/cni',
  title: 'dot-kube CNI agent',
  description: 'The CNI plugin that redirects the connections of pods to their proxies, and its agent on the node.',
  layers: [BASE_LAYER, NODE_LAYER, NFT_LAYER, CNI_LAYER],
  config: {
    user: NONROOT,
    entrypoint: ['/usr/local/bin/node', '/app/cni.mjs'],
    workingDirectory: '/app',
    environment: NODE_ENVIRONMENT,
    ports: [15_023],
  },
};
