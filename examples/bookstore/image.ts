import { NODE_ENVIRONMENT, NODE_LAYER } from '@dot-kube/operator/image';
import { BASE_LAYER, type ImageRecipe } from '@dot-kube/proxy/image';

/** The bookstore's services; a Deployment's command says which one runs. */
export const BOOKSTORE_IMAGE: ImageRecipe = {
  name: 'dot-kube/bookstore',
  title: 'dot-kube bookstore',
  description: 'The services of the example: storefront, catalog, reviews, inventory, ledger and shopper.',
  layers: [
    BASE_LAYER,
    NODE_LAYER,
    {
      name: 'bookstore',
      sources: [
        { kind: 'checkout', files: ['examples/bookstore/services/**/*.ts'], below: 'app' },
        { kind: 'text', path: 'app/package.json', text: '{"type":"module"}\n' },
      ],
    },
  ],
  config: {
    user: 1000,
    entrypoint: [],
    workingDirectory: '/app',
    environment: NODE_ENVIRONMENT,
  },
  // As the manifests name it.
  tags: ['dev'],
};
