import { resourceKind } from '../../../../operator/framework/index.ts';
import type { MeshCluster, PodSpec } from '../../../integration/harness/index.ts';

/** What a token is to be good for. */
export interface TokenWish {
  /** Default: the control plane's. None: the API server's own. */
  readonly audiences?: readonly string[];
  /** The pod that it is bound to; default: its own, `false`: none. */
  readonly pod?: string | false;
}

/** A token of a pod's service account; undefined when the API server does not make such a one. */
export async function tokenFor(cluster: MeshCluster, spec: PodSpec, wish: TokenWish): Promise<string | undefined> {
  const { namespace, name, app, serviceAccount = app } = spec;
  const { audiences = ['dot-kube'], pod = name } = wish;
  const bound = pod === false ? {} : { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod } };
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name: '' },
    spec: { audiences, expirationSeconds: 3600, ...bound },
  };
  const account = { namespace, name: serviceAccount };
  const kind = resourceKind('v1', 'ServiceAccount');
  const made = await cluster.api.createSubresource(kind, account, 'token', request).catch(() => undefined);
  return (made as { readonly status?: { readonly token?: string } } | undefined)?.status?.token;
}
