import type { LayerRecipe } from './image-recipe.ts';

/** The user of the operator, which distroless images call `nonroot` too. */
export const NONROOT = 65_532;

const PASSWD = [
  'root:x:0:0:root:/root:/usr/sbin/nologin',
  'app:x:1000:1000:app:/nonexistent:/usr/sbin/nologin',
  'proxy:x:15001:15001:proxy:/nonexistent:/usr/sbin/nologin',
  `nonroot:x:${NONROOT}:${NONROOT}:nonroot:/nonexistent:/usr/sbin/nologin`,
];

/** What every program needs: the C library and who there is. No shell, no package manager. */
export const BASE_LAYER: LayerRecipe = {
  name: 'base',
  sources: [
    { kind: 'link', path: 'bin', target: 'usr/bin' },
    { kind: 'link', path: 'lib', target: 'usr/lib' },
    { kind: 'link', path: 'lib64', target: 'usr/lib64' },
    { kind: 'link', path: 'sbin', target: 'usr/sbin' },
    { kind: 'folder', path: 'usr/bin', mode: 0o755 },
    { kind: 'folder', path: 'usr/lib64', mode: 0o755 },
    { kind: 'folder', path: 'usr/sbin', mode: 0o755 },
    { kind: 'folder', path: 'tmp', mode: 0o1777 },
    { kind: 'text', path: 'etc/passwd', text: `${PASSWD.join('\n')}\n` },
    { kind: 'text', path: 'etc/group', text: 'root:x:0:\napp:x:1000:\nproxy:x:15001:\nnonroot:x:65532:\n' },
    { kind: 'text', path: 'etc/nsswitch.conf', text: 'passwd: files\ngroup: files\nhosts: files dns\n' },
    { kind: 'link', path: 'etc/os-release', target: '../usr/lib/os-release' },
    { kind: 'debian', package: 'base-files', files: ['usr/lib/os-release', 'etc/debian_version'] },
    {
      kind: 'debian',
      package: 'libc6',
      // The loader has its architecture in its name, and on x86-64 a link in a folder of its own.
      files: [
        'lib*/ld-linux-*.so.*',
        'lib/*/ld-linux-*.so.*',
        ...['c', 'dl', 'm', 'pthread', 'resolv', 'rt'].map((name) => `lib/*/lib${name}.so.*`),
      ],
    },
  ],
};

/** nft, which redirects a pod's connections to its proxy, with its libraries. */
export const NFT_LAYER: LayerRecipe = {
  name: 'nft',
  sources: [
    { kind: 'debian', package: 'nftables', files: ['usr/sbin/nft'] },
    ...[
      'libbsd0',
      'libedit2',
      'libgmp10',
      'libjansson4',
      'libmd0',
      'libmnl0',
      'libnftables1',
      'libnftnl11',
      'libxtables12',
    ].map((name) => ({ kind: 'debian' as const, package: name, files: ['usr/lib/*/lib*.so.*'] })),
    { kind: 'debian', package: 'libtinfo6', files: ['lib/*/libtinfo.so.*'] },
  ],
};

/** Envoy with its licence. */
export const ENVOY_LAYER: LayerRecipe = {
  name: 'envoy',
  sources: [
    { kind: 'envoy', path: 'usr/local/bin/envoy' },
    // Envoy is under the same one.
    { kind: 'checkout', files: ['LICENSE'], below: 'usr/share/doc/envoy' },
  ],
};
