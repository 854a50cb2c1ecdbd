import { CNI_IMAGE, OPERATOR_IMAGE } from '@dot-kube/operator/image';
import { type ImageRecipe, PROXY_IMAGE } from '@dot-kube/proxy/image';
import { BOOKSTORE_IMAGE } from '../../../examples/bookstore/image.ts';

/** All images, by the name of their folder in `dist/images`. */
export const RECIPES: Readonly<Record<string, ImageRecipe>> = {
  operator: OPERATOR_IMAGE,
  proxy: PROXY_IMAGE,
  cni: CNI_IMAGE,
  bookstore: BOOKSTORE_IMAGE,
};
