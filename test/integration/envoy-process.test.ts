import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { isProcessAlive } from '../../operator/local/tools/process-id.ts';
import { startEnvoy } from '../tools/envoy-process.ts';

const ECHO = 'type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo';
const BOOTSTRAP = {
  node: { id: 'test', cluster: 'test' },
  static_resources: {
    listeners: [
      {
        name: 'echo::1',
        address: { socket_address: { address: '127.0.0.1', port_value: 0 } },
        filter_chains: [{ filters: [{ name: 'echo', typed_config: { '@type': ECHO } }] }],
      },
    ],
  },
};

test('a real Envoy starts, serves on the port it tells, answers on its admin port and stops', async () => {
  const envoy = await startEnvoy({ bootstrap: BOOTSTRAP, concurrency: 2 });
  try {
    const [name, address] = [...(await envoy.listeners())][0] ?? [];
    assert.equal(name, 'echo::1');
    const socket = connect(Number(address?.split(':')[1]), '127.0.0.1');
    socket.write('hello');
    const [answer] = await once(socket, 'data');
    assert.equal(String(answer), 'hello');
    socket.destroy();
    assert.equal(await envoy.stat('server.concurrency'), 2);
    assert.equal(await envoy.stat('server.no_such_stat'), 0);
    await envoy.adminPost('/logging?connection=debug');
    await assert.rejects(envoy.admin('/no-such-page'), /GET \/no-such-page of Envoy's admin: 404/);
  } finally {
    await envoy.stop();
  }
  assert.ok(!isProcessAlive(envoy.pid));
});

test('two Envoys run side by side', async () => {
  await using first = await startEnvoy({ bootstrap: BOOTSTRAP });
  await using second = await startEnvoy({ bootstrap: BOOTSTRAP });
  assert.notEqual(first.adminAddress, second.adminAddress);
});

test('a bootstrap that Envoy refuses is an error with its words', async () => {
  await assert.rejects(startEnvoy({ bootstrap: { nod: 1 } }), (error: Error) => {
    // Protobuf varies the blanks of its messages on purpose, from run to run.
    const message = error.message.replaceAll(/ +/g, ' ');
    assert.match(message, /envoy ended \(exit code 1\):.*no such field: 'nod'/s);
    return true;
  });
});

test('an Envoy that waits for its control plane is reached by its admin port, but is not live', async () => {
  const control = {
    name: 'xds',
    connect_timeout: '1s',
    type: 'STATIC',
    load_assignment: { cluster_name: 'xds' },
  };
  const bootstrap = {
    node: { id: 'test', cluster: 'test' },
    static_resources: { clusters: [control] },
    dynamic_resources: {
      ads_config: {
        api_type: 'DELTA_GRPC',
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds' } }],
      },
      cds_config: { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '60s' },
    },
  };
  await using envoy = await startEnvoy({ bootstrap, until: 'admin' });
  await assert.rejects(envoy.admin('/ready'), /503 PRE_INITIALIZING|503 INITIALIZING/);
  await assert.rejects(startEnvoy({ bootstrap, timeoutMilliseconds: 500 }), /envoy is not ready after 500 ms/);
});
