import type { KubernetesObject } from '../../../operator/framework/index.ts';

export const NAMESPACE = 'bench';

/** The port that callers dial and the application listens on. */
export const DIALLED_PORT = 8080;

/** The Service that is called, in the pair of the mesh. */
export const ECHO_SERVICE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: NAMESPACE, name: 'echo' },
  spec: { ports: [{ name: 'http', port: DIALLED_PORT, appProtocol: 'http' }] },
};

/** A policy of the usual kind: who may call, and how. */
export const ECHO_POLICY: KubernetesObject = {
  apiVersion: 'mesh.dot-kube.io/v1alpha1',
  kind: 'AuthorizationPolicy',
  metadata: { namespace: NAMESPACE, name: 'callers' },
  spec: {
    targetRefs: [{ kind: 'Service', name: 'echo' }],
    action: 'Allow',
    rules: [{ from: [{ serviceAccounts: ['caller'] }], to: [{ methods: ['GET', 'HEAD'] }] }],
  },
};
