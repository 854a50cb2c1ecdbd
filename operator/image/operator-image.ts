import { BASE_LAYER, type ImageRecipe, type LayerRecipe, NONROOT } from '@dot-kube/proxy/image';
import { NODE_ENVIRONMENT, NODE_LAYER } from './node-layer.ts';

/** The operator and `dotkube`, each with all that it imports, and the files that they read where the checkout has them. */
export const OPERATOR_LAYER: LayerRecipe = {
  name: 'operator',
  sources: [
    {
      kind: 'bundle',
      programs: { operator: 'operator/main.ts', dotkube: 'operator/cli/main.ts' },
      modules: { charts: 'cdk8s/system/index.ts' },
      below: 'app',
    },
    {
      kind: 'checkout',
      files: ['crds/*.yaml', 'operator/package.json', 'operator/local/tools/envoy-wheel.txt', 'LICENSE'],
      below: 'app',
    },
    // `dotkube install` loads the charts as the package that it does not depend on.
    {
      kind: 'text',
      path: 'app/node_modules/@dot-kube/cdk8s/package.json',
      text: '{"name":"@dot-kube/cdk8s","type":"module","exports":{"./system":"./system.js"}}\n',
    },
    {
      kind: 'text',
      path: 'app/node_modules/@dot-kube/cdk8s/system.js',
      text: "export * from '../../../charts.mjs';\n",
    },
    { kind: 'link', path: 'usr/local/bin/dotkube', target: '/app/dotkube.mjs' },
  ],
};

/**
 * No prototype can be reached by a key that somebody chose. Half of the usual memory: what is young is collected after 8 MB, and
 * what bursts left behind is collected when the process is idle (operator/idle-collection.ts).
 */
export const OPERATOR_NODE_FLAGS: readonly string[] = [
  '--disable-proto=delete',
  '--max-semi-space-size=8',
  '--single-threaded-gc',
  '--expose-gc',
];

/** What the C library keeps of freed memory, which without a word to it are tens of megabytes: buffers go back to the system. */
export const OPERATOR_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
  ...NODE_ENVIRONMENT,
};

/** The control plane. Its arguments are the operator's flags; `dotkube` is on its PATH. */
export const OPERATOR_IMAGE: ImageRecipe = {
  name: 'dot-kube/operator',
  title: 'dot-kube operator',
  description: 'The control plane of the mesh, and the dotkube command.',
  layers: [BASE_LAYER, NODE_LAYER, OPERATOR_LAYER],
  config: {
    user: NONROOT,
    entrypoint: ['/usr/local/bin/node', ...OPERATOR_NODE_FLAGS, '/app/operator.mjs'],
    workingDirectory: '/app',
    environment: OPERATOR_ENVIRONMENT,
    ports: [8081, 15_010, 15_017],
  },
};
