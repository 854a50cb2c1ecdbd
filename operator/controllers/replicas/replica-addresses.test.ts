import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointSlice } from '../../api/index.ts';
import { replicaAddresses } from './replica-addresses.ts';

const REPLICAS = { namespace: 'dot-kube-system', service: 'dot-kube-xds', port: 15012 };

function slice(
  addressType: EndpointSlice['addressType'],
  endpoints: Readonly<Record<string, string>>,
  { namespace, service } = REPLICAS,
): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name: `${service}-1`, labels: { 'kubernetes.io/service-name': service } },
    addressType,
    endpoints: Object.entries(endpoints).map(([name, ip]) => ({
      addresses: [ip],
      conditions: { ready: false },
      targetRef: { kind: 'Pod', namespace, name, uid: name },
    })),
    ports: [],
  };
}

test('replicas are the endpoints of the Service, ready or not, with an address each', () => {
  const slices = [
    slice('IPv6', { a: 'fd00::1', c: 'fd00::3' }),
    slice('IPv4', { b: '10.0.0.2', a: '10.0.0.1' }),
    slice('IPv4', { x: '10.0.0.9' }, { ...REPLICAS, service: 'other' }),
    slice('IPv4', { x: '10.0.0.8' }, { ...REPLICAS, namespace: 'shop' }),
    slice('FQDN', { x: 'x.example' }),
  ];
  const wanted = ['10.0.0.1:15012', '10.0.0.2:15012', '[fd00::3]:15012'];
  assert.deepEqual(replicaAddresses(slices, REPLICAS), wanted);
  assert.deepEqual(replicaAddresses(slices.toReversed(), REPLICAS), wanted);
});
