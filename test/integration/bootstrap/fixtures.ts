import {
  type BootstrapOptions,
  bootstrapFor,
  type JsonObject,
  type SecureControlPlane,
} from '@dot-kube/proxy/bootstrap';

/** A control plane on a loopback port whose secrets are in a folder. */
export function secureControlPlane(port: number, folder: string): SecureControlPlane {
  return {
    kind: 'tls',
    addresses: [{ host: '127.0.0.1', port }],
    serverNames: [{ kind: 'dns', value: 'control-plane.dot-kube.internal' }],
    roots: { path: `${folder}/roots.json` },
    token: { path: `${folder}/token.json` },
    reconnectMs: { base: 50, max: 200 },
  };
}

/** A bootstrap for a proxy of that control plane. */
export function secureBootstrap(port: number, folder: string, more: Partial<BootstrapOptions> = {}): JsonObject {
  const node = { id: 'reviews-0.bookstore', cluster: 'bookstore/reviews' };
  return bootstrapFor({ node, controlPlane: secureControlPlane(port, folder), ...more });
}
