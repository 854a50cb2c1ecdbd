import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import { ClusterSchema } from '../../../proxy/envoy/proto/generated/envoy/config/cluster/v3/cluster_pb.js';
import { ScopedRouteConfigurationSchema } from '../../../proxy/envoy/proto/generated/envoy/config/route/v3/scoped_route_pb.js';
import { encodeResource } from '../../../proxy/xds/resource.ts';
import { typeUrls } from '../../../proxy/xds/type-url.ts';
import { encodeResponse } from '../../../proxy/xds/wire/response.ts';
import { readDelta } from './delta-message.ts';
import { Needs } from './needs.ts';

const { cluster, endpoints, route, scopedRoute, listener } = typeUrls;

test('a response is read as it was written', () => {
  const resources = ['a', 'b'].map((name) => encodeResource(route, name, Buffer.from(`content of ${name}`)));
  const bytes = Buffer.concat(encodeResponse({ type: route, nonce: '1.2', resources, removed: ['gone'] }));
  const message = readDelta(bytes.subarray(5));
  assert.deepEqual([message.typeUrl, message.nonce, message.removed], [route, '1.2', ['gone']]);
  assert.deepEqual(
    message.resources.map(({ name, version, message: content }) => [name, version, Buffer.from(content).toString()]),
    resources.map(({ name, version }) => [name, version, `content of ${name}`]),
  );
});

test('a cluster needs its endpoints by the name that it says, a scope its routes, a listener nothing', () => {
  const needs = new Needs();
  const named = (edsClusterConfig?: { serviceName: string }) =>
    toBinary(ClusterSchema, create(ClusterSchema, { name: 'c', ...(edsClusterConfig && { edsClusterConfig }) }));
  const of = (type: typeof cluster | typeof scopedRoute | typeof listener, version: string, message: Uint8Array) =>
    needs.of(type, { name: 'c', version, message });
  assert.deepEqual(of(cluster, '1', named({ serviceName: 'other' })), { type: endpoints, name: 'other' });
  assert.deepEqual(of(cluster, '2', named({ serviceName: '' })), { type: endpoints, name: 'c' });
  assert.equal(of(cluster, '3', named()), undefined);
  const scope = create(ScopedRouteConfigurationSchema, { name: 's', routeConfigurationName: 'r' });
  assert.deepEqual(of(scopedRoute, '1', toBinary(ScopedRouteConfigurationSchema, scope)), { type: route, name: 'r' });
  assert.equal(of(listener, '1', new Uint8Array()), undefined);
});

test('the same version is decoded once', () => {
  const needs = new Needs();
  const message = toBinary(ClusterSchema, create(ClusterSchema, { edsClusterConfig: { serviceName: 'x' } }));
  const first = needs.of(cluster, { name: 'c', version: '1', message });
  assert.equal(needs.of(cluster, { name: 'c', version: '1', message: new Uint8Array([255]) }), first);
});
