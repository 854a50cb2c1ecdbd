import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BootstrapOptions, rootsSecret, tokenSecret } from '@dot-kube/proxy/bootstrap';
import { systemClock } from '../../../operator/framework/clock.ts';
import { CertificateAuthority, MemoryCaStore } from '../../../operator/identity/index.ts';
import { startEnvoy } from '../../tools/envoy-process.ts';
import { freePort } from '../../tools/free-port.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { secureBootstrap, secureControlPlane } from './fixtures.ts';
import { KubeletVolume } from './kubelet-volume.ts';
import { RecordingServer } from './recording-server.ts';

const name = 'control-plane.dot-kube.internal';
const serverNames = { dnsNames: [name] };
const path = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';

const setUp = async () => {
  const cleanUp = new AsyncDisposableStack();
  const folder = await scratchDirectory('bootstrap');
  cleanUp.defer(() => rm(folder, { recursive: true }));
  const store = new MemoryCaStore();
  const authority = await CertificateAuthority.open({ clock: systemClock, store, trustDomain: 'cluster.local' });
  const server = cleanUp.use(await RecordingServer.start(await authority.issueServer(serverNames)));
  const volume = new KubeletVolume(join(folder, 'volume'));
  const startProxy = async (port = server.port, more: Partial<BootstrapOptions> = {}) =>
    cleanUp.use(await startEnvoy({ bootstrap: secureBootstrap(port, volume.path, more), until: 'admin' }));
  return { authority, server, volume, startProxy, [Symbol.asyncDispose]: () => cleanUp.disposeAsync() };
};

const tokensOf = (server: RecordingServer): readonly (string | undefined)[] =>
  server.streams.map(({ authorization }) => authorization);

test('the token and the roots that a kubelet swaps are the ones that the next connection uses', async () => {
  await using mesh = await setUp();
  const { authority, server, volume } = mesh;
  const files = (token: string): Readonly<Record<string, string>> => ({
    token,
    'token.json': JSON.stringify(tokenSecret({ kind: 'file', path: join(volume.path, 'token') })),
    'roots.pem': authority.trustBundle.pem,
    'roots.json': JSON.stringify(rootsSecret({ kind: 'file', path: join(volume.path, 'roots.pem') })),
  });
  await volume.write(files('first'));
  const envoy = await mesh.startProxy();
  await server.until('a stream with the first token', () => server.streams.length > 0);
  assert.deepEqual(server.streams[0], { authority: name, path, authorization: 'Bearer first' });

  await volume.write(files('second'));
  await server.until('a stream with the second token', () => {
    server.disconnect();
    return tokensOf(server).includes('Bearer second');
  });

  const old = authority.trustBundle;
  await authority.beginRootChange();
  await authority.completeRootChange();
  server.present(await authority.issueServer(serverNames));
  // A connection may be under way that was made before.
  await server.until('a refusal of a certificate of the new root', () => {
    server.disconnect();
    return server.refusals > 0;
  });
  const [before, refusals] = [server.streams.length, server.refusals];
  await server.until('another refusal', () => server.refusals > refusals);
  assert.equal(server.streams.length, before);

  await authority.finishRootChange();
  assert.notEqual(authority.trustBundle.pem, old.pem);
  await volume.write(files('third'));
  await server.until('a stream over the new root', () => server.streams.length > before);
  assert.equal(server.streams.at(-1)?.authorization, 'Bearer third');
  assert.ok((await envoy.stat('cluster.dot-kube-control-plane.ssl.fail_verify_error')) > 0);
});

test('secrets that stand in the SDS files themselves rotate too', async () => {
  await using mesh = await setUp();
  const { authority, server, volume } = mesh;
  const files = (token: string): Readonly<Record<string, string>> => ({
    'token.json': JSON.stringify(tokenSecret({ kind: 'inline', text: token })),
    'roots.json': JSON.stringify(rootsSecret({ kind: 'inline', text: authority.trustBundle.pem })),
  });
  await volume.write(files('first'));
  await mesh.startProxy();
  await server.until('a stream with the first token', () => tokensOf(server).includes('Bearer first'));
  await authority.beginRootChange();
  await volume.write(files('second'));
  await authority.completeRootChange();
  server.present(await authority.issueServer(serverNames));
  await server.until('a stream with the second token over the new root', () => {
    server.disconnect();
    return tokensOf(server).includes('Bearer second');
  });
});

test('the token is not sent to a server of another name, though the mesh has signed its certificate', async () => {
  await using mesh = await setUp();
  const { authority, server, volume } = mesh;
  const reviews = { trustDomain: 'cluster.local', namespace: 'bookstore', serviceAccount: 'reviews' };
  server.present(await authority.issueWorkload(reviews));
  await volume.write({
    'token.json': JSON.stringify(tokenSecret({ kind: 'inline', text: 'token' })),
    'roots.json': JSON.stringify(rootsSecret({ kind: 'inline', text: authority.trustBundle.pem })),
  });
  await mesh.startProxy();
  await server.until('a refusal', () => server.refusals > 1);
  assert.deepEqual(server.streams, []);
});

test('a proxy whose control plane does not answer asks the standby, with its token', async () => {
  await using mesh = await setUp();
  const { authority, server, volume } = mesh;
  await volume.write({
    'token.json': JSON.stringify(tokenSecret({ kind: 'inline', text: 'token' })),
    'roots.json': JSON.stringify(rootsSecret({ kind: 'inline', text: authority.trustBundle.pem })),
  });
  await mesh.startProxy(await freePort(), { standby: secureControlPlane(server.port, volume.path) });
  await server.until('a stream to the standby', () => server.streams.length > 0);
  assert.deepEqual(server.streams[0], { authority: name, path, authorization: 'Bearer token' });
});
