import type { LayerRecipe } from '@dot-kube/proxy/image';

/** Node.js: the program alone, without npm. */
export const NODE_LAYER: LayerRecipe = {
  name: 'node',
  sources: [
    // The copyright of both libraries.
    { kind: 'debian', package: 'gcc-12-base', files: [] },
    { kind: 'debian', package: 'libgcc-s1', files: ['lib/*/libgcc_s.so.*'] },
    { kind: 'debian', package: 'libstdc++6', files: ['usr/lib/*/libstdc++.so.*'] },
    { kind: 'node', path: 'usr/local/bin/node' },
  ],
};

/** For programs in Node.js that run on a read-only root. */
export const NODE_ENVIRONMENT: Readonly<Record<string, string>> = {
  NODE_DISABLE_COMPILE_CACHE: '1',
  NODE_ENV: 'production',
  PATH: '/usr/local/bin:/usr/sbin:/usr/bin',
};
