import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyResource } from './empty-resource.ts';
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  ScopedRouteConfigurationSchema,
  SecretSchema,
  typeUrl,
} from './proto/index.ts';
import { clusterRef, encodeResource, resource, TYPE } from './resource.ts';

test('types are called as Envoy calls them', () => {
  assert.deepEqual(TYPE, {
    listener: typeUrl(ListenerSchema),
    scope: typeUrl(ScopedRouteConfigurationSchema),
    route: typeUrl(RouteConfigurationSchema),
    cluster: typeUrl(ClusterSchema),
    endpoints: typeUrl(ClusterLoadAssignmentSchema),
    secret: typeUrl(SecretSchema),
  });
});

test('references and causes are in order, once each', () => {
  const cause = (name: string) => ({ kind: 'Service', namespace: 'a', name });
  const { refs, causes } = resource(
    ClusterSchema,
    'x',
    {},
    {
      refs: [clusterRef('b'), { type: TYPE.secret, name: 'a' }, clusterRef('a'), clusterRef('b')],
      causes: [cause('b'), cause('a'), cause('b')],
    },
  );
  assert.deepEqual(refs, [clusterRef('a'), clusterRef('b'), { type: TYPE.secret, name: 'a' }]);
  assert.deepEqual(causes, ['Service/a/a', 'Service/a/b']);
});

test('what does not exist is there and empty, for the types that somebody waits for', () => {
  for (const type of [TYPE.route, TYPE.cluster, TYPE.endpoints]) {
    const empty = emptyResource(type, 'x');
    assert.ok(empty, type);
    assert.deepEqual([empty.type, empty.name, empty.refs], [type, 'x', []]);
    assert.ok(encodeResource(empty).length > 0);
  }
  for (const type of [TYPE.listener, TYPE.scope, TYPE.secret]) assert.equal(emptyResource(type, 'x'), undefined);
});
