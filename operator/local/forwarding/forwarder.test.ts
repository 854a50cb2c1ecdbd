import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { EndpointSlice, Service } from '../../api/core.ts';
import { freePort } from '../../../test/tools/free-port.ts';
import { Forwarder } from './forwarder.ts';
import { forwardsFor } from './forwards.ts';

const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: {
    ports: [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  },
};

function slice(endpoints: EndpointSlice['endpoints']): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'cart-local-0', namespace: 'shop' },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080 }],
    endpoints: endpoints ?? [],
  };
}

const endpoint = (address: string, ready: boolean, serving = ready) => ({
  addresses: [address],
  conditions: { ready, serving, terminating: false },
});

test('a forward leads from the address of a Service to its ready endpoints', () => {
  const forwards = (slices: readonly EndpointSlice[]) =>
    forwardsFor(
      [service],
      () => slices,
      () => '127.8.4.16',
      (port) => port + 20_000,
    );
  const [forward, ...rest] = forwards([
    slice([endpoint('127.8.12.1', true), endpoint('127.8.8.1', true), endpoint('127.8.16.1', false)]),
  ]);
  assert.deepEqual(rest, []);
  assert.deepEqual(forward, {
    key: '127.8.4.16:20080',
    address: '127.8.4.16',
    port: 20_080,
    targets: [
      { host: '127.8.12.1', port: 8080 },
      { host: '127.8.8.1', port: 8080 },
    ],
  });
  const [lastResort] = forwards([slice([endpoint('127.8.8.1', false, true), endpoint('127.8.12.1', false)])]);
  assert.deepEqual(lastResort?.targets, [{ host: '127.8.8.1', port: 8080 }]);
});

async function echoServer(name: string) {
  const server = createServer((socket) => socket.end(`${name} ${socket.remoteAddress}`));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test('connections go to the endpoints in turn, from the address of the caller', async () => {
  const servers = [await echoServer('a'), await echoServer('b')];
  const port = await freePort();
  const targets = servers.map((server) => ({ host: '127.0.0.1', port: server.port }));
  const forwarder = new Forwarder('127.0.0.77');
  const forward = { key: 'k', address: '127.0.0.1', port, targets };
  forwarder.update([forward]);
  try {
    const ask = () => text(connect({ host: '127.0.0.1', port }));
    assert.deepEqual([await ask(), await ask()], ['a 127.0.0.77', 'b 127.0.0.77']);
    forwarder.update([{ ...forward, targets: targets.slice(1) }]);
    assert.deepEqual([await ask(), await ask()], ['b 127.0.0.77', 'b 127.0.0.77']);
    forwarder.update([{ ...forward, targets: [] }]);
    await assert.rejects(ask(), /ECONNRESET/);
    forwarder.update([]);
    await assert.rejects(ask(), /ECONNREFUSED/);
  } finally {
    forwarder.close();
    for (const server of servers) server.close();
  }
});
