import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, ListenerSchema } from '../proto/index.ts';
import { HTTP_PORTS, httpPortsListener, outboundListener, SERVER_FIRST_PORTS } from './outbound.ts';

const SETTINGS = { trustDomain: 'cluster.local', clusterDomain: 'cluster.local', serviceCidrs: ['10.96.0.0/12'] };

function portsOf(settings: typeof SETTINGS) {
  const { address, additionalAddresses } = create(ListenerSchema, httpPortsListener(settings));
  return [address, ...additionalAddresses.map((each) => each.address)].map((each) => {
    assert.equal(each?.address.case, 'socketAddress');
    const { address: ip, portSpecifier } = each.address.value;
    return `${ip} ${String(portSpecifier.value)}`;
  });
}

test('no port of HTTP is one whose server speaks first, or one of the proxy', () => {
  const others = new Set([...SERVER_FIRST_PORTS, 15_000, 15_001, 15_006]);
  assert.deepEqual(
    HTTP_PORTS.filter((port) => others.has(port)),
    [],
  );
  assert.equal(new Set(HTTP_PORTS).size, HTTP_PORTS.length);
});

test('every port of HTTP has one address, and one of IPv6 where the mesh has it', () => {
  assert.deepEqual(
    portsOf(SETTINGS),
    HTTP_PORTS.map((port) => `0.0.0.0 ${port}`),
  );
  assert.deepEqual(
    portsOf({ ...SETTINGS, serviceCidrs: ['10.96.0.0/12', 'fd00::/112'] }),
    HTTP_PORTS.flatMap((port) => [`0.0.0.0 ${port}`, `:: ${port}`]),
  );
});

test('it binds no socket, hands nothing on, and treats connections as the outbound listener does', () => {
  const listener = create(ListenerSchema, httpPortsListener(SETTINGS));
  const outbound = create(ListenerSchema, outboundListener(SETTINGS));
  assert.equal(listener.bindToPort, false);
  assert.equal(listener.useOriginalDst, undefined);
  assert.deepEqual(
    listener.filterChains,
    outbound.filterChains.filter(({ name }) => !name.startsWith('refuse/')),
  );
  assert.ok(
    (listener.listenerFiltersTimeout?.seconds ?? 0n) > 90n,
    'as long as Go keeps a connection that is not used',
  );
});
