import assert from 'node:assert/strict';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { envoyBinary } from '../../../operator/local/tools/envoy-binary.ts';
import { CertificateAuthority, MemoryCaStore } from '../../../operator/identity/index.ts';
import { systemClock } from '../../../operator/framework/clock.ts';
import { injectPod } from '../../../operator/webhooks/injection/inject-pod.ts';
import { PROXY_DIRECTORY, PROXY_FILES } from '../../../operator/webhooks/injection/names.ts';
import type { ContainerShape, PodShape } from '../../../operator/webhooks/injection/pod-shape.ts';
import { proxyFiles } from '../../../operator/webhooks/injection/proxy-files.ts';
import { settingsWith } from '../../golden/injection/cases.ts';
import { missingForNamespaces } from '../../tools/missing-programs.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { type ServerProcess, startServer } from '../../tools/server-process.ts';
import { type Namespace, POD, twoNamespaces } from '../capture/two-namespaces.ts';

const POD_OF_A_SHOP: PodShape = {
  metadata: { name: 'reviews' },
  spec: {
    containers: [
      {
        name: 'app',
        ports: [{ name: 'web', containerPort: 8080 }],
        livenessProbe: { httpGet: { path: '/healthz?deep=1', port: 'web' } },
        readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
        startupProbe: { httpGet: { path: '/missing', port: 8080 } },
      },
    ],
  },
};

const TOOLS = ['nft', 'setpriv', 'nsenter', 'unshare', 'ip'];

describe('an injected pod, run as a kubelet would', { skip: await missingForNamespaces(TOOLS) }, () => {
  const cleanUp = new AsyncDisposableStack();
  const settings = settingsWith({ families: ['ipv4', 'ipv6'] });
  const injected = injectPod(POD_OF_A_SHOP, settings);
  const [capture, proxy] = injected.spec?.initContainers ?? [];
  let pod: Namespace;
  let peer: Namespace;
  let envoy: ServerProcess;

  before(async () => {
    ({ pod, peer } = await twoNamespaces(cleanUp));
    const folder = await scratchDirectory('injected-pod');
    cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
    await writeVolume(folder);
    await pod.run(...(commandOf(capture) as string[]));
    const [, ...args] = commandOf(proxy).map((word) => word.replaceAll(PROXY_DIRECTORY, folder));
    const uid = String(settings.proxy.uid);
    const user = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--bounding-set=-all', '--'];
    const enter = ['--net', `--target=${pod.pid}`, '--', ...user, await envoyBinary()];
    envoy = await startServer('nsenter', [...enter, ...args]);
    cleanUp.defer(async () => void (await envoy.process.stop(0)));
    await untilStatus(peer, 15_021, '/ready', 200);
  });
  after(() => cleanUp.disposeAsync());

  const probe = (name: 'livenessProbe' | 'readinessProbe' | 'startupProbe') => {
    const get = injected.spec?.containers?.[0]?.[name]?.httpGet;
    return { port: Number(get?.port), path: get?.path ?? '' };
  };
  const answers = (name: Parameters<typeof probe>[0], status: number) =>
    untilStatus(peer, probe(name).port, probe(name).path, status);

  test('probes fail while the application does not listen, and pass when it does', async () => {
    for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) await answers(name, 503);
    const application = await serveHttp(pod, cleanUp);
    await answers('livenessProbe', 200);
    await answers('readinessProbe', 200);
    await answers('startupProbe', 404);
    await application.process.stop(0);
    for (const name of ['livenessProbe', 'readinessProbe'] as const) await answers(name, 503);
  });

  test('whoever asks the application itself meets the proxy, which has no configuration yet', async () => {
    await serveHttp(pod, cleanUp);
    await answers('livenessProbe', 200);
    const targets = [`${POD.ipv4} 8080`, `${POD.ipv6} 8080`];
    assert.deepEqual(await peer.dial(0, ...targets), ['ECONNREFUSED', 'ECONNREFUSED']);
  });

  test('metrics are there for whoever asks, and nothing else of the admin interface', async () => {
    await untilStatus(peer, 15_021, '/stats/prometheus', 200);
    assert.equal(await statusOf(peer, 15_021, '/config_dump'), 404);
    assert.deepEqual(await peer.dial(0, `${POD.ipv4} 15000`), ['ECONNREFUSED']);
  });

  test('the proxy says nothing that is worth a warning but that there is no control plane', () => {
    const lines = envoy.logs().split('\n');
    const warnings = lines.filter(
      (line) => /\[(warning|error|critical)\]/.test(line) && !/DeltaAggregated|initial fetch timed out/.test(line),
    );
    assert.deepEqual(warnings, []);
  });
});

/** What a kubelet puts into the volume, for a proxy that does not wait for its control plane. */
async function writeVolume(folder: string): Promise<void> {
  const store = new MemoryCaStore();
  const authority = await CertificateAuthority.open({ clock: systemClock, store, trustDomain: 'cluster.local' });
  const controlPlane = {
    addresses: [{ host: '192.0.2.1', port: 15_010 }],
    serverNames: [{ kind: 'dns', value: 'dot-kube-xds.dot-kube-system.svc' }],
  } as const;
  const files = proxyFiles({ controlPlane, rootsPem: authority.trustBundle.pem }, { families: ['ipv4', 'ipv6'] });
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  const all = { ...files, [PROXY_FILES.token]: 'a.token.of-the-kubelet' };
  for (const [name, content] of Object.entries(all)) {
    const text = content
      .replaceAll(PROXY_DIRECTORY, folder)
      .replaceAll('"initial_fetch_timeout":"0s"', '"initial_fetch_timeout":"0.001s"');
    await writeFile(join(folder, name), text, { mode: 0o644 });
  }
}

/** What a container runs, with the variables of its environment as a kubelet puts them in. */
function commandOf(container: ContainerShape | undefined): readonly string[] {
  const { args = [], command = [] } = (container ?? {}) as { args?: readonly string[]; command?: readonly string[] };
  const values = { POD_NAMESPACE: 'shop', POD_NAME: 'reviews', SERVICE_ACCOUNT: 'default' };
  return [...command, ...args].map((word) =>
    Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`$(${name})`, value), word),
  );
}

const SERVER = `
require('node:http').createServer((request, response) => {
  response.writeHead(request.url === '/healthz?deep=1' ? 200 : 404).end();
}).listen(8080, '127.0.0.1', () => console.log('ready'));
`;

async function serveHttp(pod: Namespace, cleanUp: AsyncDisposableStack): Promise<ServerProcess> {
  const enter = ['--net', `--target=${pod.pid}`, '--'];
  const server = await startServer('nsenter', [...enter, process.execPath, '--eval', SERVER]);
  cleanUp.defer(async () => void (await server.process.stop(0)));
  return server;
}

const ASK = `
const [port, path] = process.argv.slice(1);
require('node:http').get({ host: '${POD.ipv4}', port, path, timeout: 2000 }, (response) => {
  process.stdout.write(String(response.statusCode));
  process.exit();
}).on('error', (error) => process.stdout.write(error.code));
`;

async function statusOf(peer: Namespace, port: number, path: string): Promise<number> {
  return Number(await peer.run(process.execPath, '--eval', ASK, String(port), path));
}

async function untilStatus(peer: Namespace, port: number, path: string, status: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  let last = 0;
  while ((last = await statusOf(peer, port, path)) !== status) {
    assert.ok(performance.now() < deadline, `${port}${path} answers ${last} instead of ${status}`);
  }
}
