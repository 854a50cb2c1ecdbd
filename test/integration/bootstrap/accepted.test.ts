import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type BootstrapOptions, envoyArgs, rootsSecret, tokenSecret } from '@dot-kube/proxy/bootstrap';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { envoyBinary } from '../../../operator/local/tools/envoy-binary.ts';
import { systemClock } from '../../../operator/framework/clock.ts';
import { CertificateAuthority, MemoryCaStore } from '../../../operator/identity/index.ts';
import { freePort } from '../../tools/free-port.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { startServer, waitUntilServing } from '../../tools/server-process.ts';
import { secureBootstrap, secureControlPlane } from './fixtures.ts';

describe('a bootstrap that Envoy itself finds valid, without a warning', () => {
  let folder = '';
  before(async () => {
    folder = await scratchDirectory('bootstrap');
    await writeFile(join(folder, 'token.json'), JSON.stringify(tokenSecret({ kind: 'inline', text: 'token' })));
    const store = new MemoryCaStore();
    const authority = await CertificateAuthority.open({ clock: systemClock, store, trustDomain: 'cluster.local' });
    const roots = rootsSecret({ kind: 'inline', text: authority.trustBundle.pem });
    await writeFile(join(folder, 'roots.json'), JSON.stringify(roots));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const plaintext = { kind: 'plaintext', addresses: [{ host: '127.0.0.1', port: 1 }] } as const;
  const cases: Readonly<Record<string, () => Partial<BootstrapOptions>>> = {
    'with nothing but what is needed': () => ({}),
    'with a DNS name and URI and IP names of the server': () => ({
      controlPlane: {
        ...secureControlPlane(15_012, folder),
        addresses: [{ host: 'control-plane.dot-kube-system.svc', port: 15_012 }],
        serverNames: [
          { kind: 'uri', value: 'spiffe://cluster.local/ns/dot-kube-system/sa/dot-kube-operator' },
          { kind: 'ip', value: '::1' },
        ],
      },
    }),
    'with a standby': () => ({ standby: { ...secureControlPlane(15_013, folder), keepaliveIntervalMs: 500 } }),
    'without TLS': () => ({ controlPlane: plaintext }),
    'without TLS but with a token': () => ({
      controlPlane: { ...plaintext, token: { path: join(folder, 'token.json'), watchedDirectory: folder } },
    }),
    'with an abstract socket for the admin interface': () => ({ admin: { kind: 'pipe', path: '@dot-kube-test' } }),
    'with a probe listener': () => ({ probes: { port: 15_021 } }),
    'with limits': () => ({ limits: { heapBytes: 256 * 1024 * 1024, downstreamConnections: 50_000 } }),
    'with a limit of connections alone': () => ({ limits: { downstreamConnections: 50_000 } }),
    'with a list of statistics to keep': () => ({ stats: { kind: 'only', prefixes: ['cluster.', 'server.'] } }),
    'with a list of statistics to drop': () => ({ stats: { kind: 'without', prefixes: ['runtime.'] } }),
    'without deferred creation and cluster discovery': () => ({ deferredCreation: false, clusterDiscovery: false }),
    'with a locality, metadata and feature flags': () => ({
      node: {
        id: 'a',
        cluster: 'b',
        locality: { region: 'r', zone: 'z', subZone: 's' },
        metadata: { pod: { labels: ['x'] } },
      },
      runtime: { 're2.max_program_size.error_level': 1000 },
      initialFetchTimeoutMs: 1500,
    }),
  };
  for (const [name, options] of Object.entries(cases)) {
    test(name, async () => {
      const configPath = join(folder, 'bootstrap.json');
      await writeFile(configPath, JSON.stringify(secureBootstrap(15_012, folder, options())));
      const args = envoyArgs({
        configPath,
        componentLogLevels: 'upstream:info',
        adminAddressPath: join(folder, 'admin'),
      });
      const result = await runCommand(await envoyBinary(), [...args, '--mode', 'validate']);
      const lines = result.tail.split('\n').filter((line) => !line.includes('Using xDS-Failover'));
      assert.deepEqual(lines, [`configuration '${configPath}' OK`]);
      assert.equal(result.exitCode, 0);
    });
  }
});

test('the probe listener answers what the kubelet and Prometheus ask, and nothing else', async () => {
  const folder = await scratchDirectory('bootstrap');
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(folder, { recursive: true }));
  const port = await freePort();
  const configPath = join(folder, 'bootstrap.json');
  const bootstrap = secureBootstrap(0, folder, {
    controlPlane: { kind: 'plaintext', addresses: [{ host: '127.0.0.1', port: 1 }] },
    probes: { address: '127.0.0.1', port },
    admin: { kind: 'pipe', path: join(folder, 'admin.socket') },
    initialFetchTimeoutMs: 1,
  });
  await writeFile(configPath, JSON.stringify(bootstrap));
  const envoy = await startServer(await envoyBinary(), envoyArgs({ configPath }));
  cleanUp.defer(async () => void (await envoy.process.stop(0)));
  const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
  const ready = async () => (await (await ask('/ready')).text()) === 'LIVE\n';
  await waitUntilServing('envoy', envoy, ready, { timeoutMilliseconds: 10_000, intervalMilliseconds: 20 });
  assert.match(await (await ask('/stats/prometheus')).text(), /^envoy_server_live\{\} 1$/m);
  for (const path of ['/', '/config_dump', '/quitquitquit', '/ready/', '/stats', '/stats/prometheus/..%2f..%2fcerts']) {
    assert.equal((await ask(path)).status, 404, path);
  }
  assert.equal((await ask('/ready', 'POST')).status, 404);
});
