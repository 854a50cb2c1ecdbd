import assert from 'node:assert/strict';
import { it } from 'node:test';
import { apiVersionOf, resourceNameOf } from '../framework/api/resource-kind.ts';
import * as api from './index.ts';

it('knows the resources of every kind as the API server serves them', () => {
  const kinds = [
    api.NAMESPACE,
    api.NODE,
    api.SERVICE,
    api.SERVICE_ACCOUNT,
    api.POD,
    api.ENDPOINT_SLICE,
    api.MESH_POLICY,
    api.TRAFFIC_SPLIT,
    api.AUTHORIZATION_POLICY,
  ];
  assert.deepEqual(
    kinds.map((kind) => `${apiVersionOf(kind)} ${resourceNameOf(kind)}`),
    [
      'v1 namespaces',
      'v1 nodes',
      'v1 services',
      'v1 serviceaccounts',
      'v1 pods',
      'discovery.k8s.io/v1 endpointslices.discovery.k8s.io',
      'mesh.dot-kube.io/v1alpha1 meshpolicies.mesh.dot-kube.io',
      'mesh.dot-kube.io/v1alpha1 trafficsplits.mesh.dot-kube.io',
      'mesh.dot-kube.io/v1alpha1 authorizationpolicies.mesh.dot-kube.io',
    ],
  );
  assert.deepEqual(
    kinds.filter((kind) => !kind.namespaced).map(({ kind }) => kind),
    ['Namespace', 'Node'],
  );
});
