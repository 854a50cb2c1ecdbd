import { BASE_LAYER, ENVOY_LAYER, NFT_LAYER } from './base-layers.ts';
import type { ImageRecipe } from './image-recipe.ts';

/** Runs as the sidecar and, with nft as its command, as the init container that captures. */
export const PROXY_IMAGE: ImageRecipe = {
  name: 'dot-kube/proxy',
  title: 'dot-kube proxy',
  description: 'Envoy, and nft for the rules that redirect connections to it.',
  layers: [BASE_LAYER, NFT_LAYER, ENVOY_LAYER],
  config: {
    user: 15_001,
    entrypoint: ['/usr/local/bin/envoy'],
    workingDirectory: '/',
    environment: { PATH: '/usr/local/bin:/usr/sbin:/usr/bin' },
  },
};
