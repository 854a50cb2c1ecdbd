/** What the images hold: recipes as data, from which `npm run images` builds them. */
export { BASE_LAYER, ENVOY_LAYER, NFT_LAYER, NONROOT } from './base-layers.ts';
export type {
  CheckoutFiles,
  DebianFiles,
  ImageConfig,
  ImageRecipe,
  LayerRecipe,
  LayerSource,
  OperatorBundle,
} from './image-recipe.ts';
export { PROXY_IMAGE } from './proxy-image.ts';
