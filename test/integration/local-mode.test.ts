import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, eventually } from '../../operator/cli/demo/demo-mesh.ts';
import { isLeft, UpProcess } from '../../operator/cli/demo/up-process.ts';
import { runCommand } from '../../operator/cli/run-command.ts';
import type { ServiceReport } from '../../operator/local/mesh-view.ts';
import { askLocal } from '../../operator/local/status/local-client.ts';
import type { ReplicaReport, StatusReport } from '../../operator/local/status/status-report.ts';
import type { TrafficRow } from '../../operator/local/traffic/traffic-window.ts';

/** Says who it is and who called; `/crash` ends it; `/call` asks the Service echo. */
const PROGRAM = `
import { createServer, get } from 'node:http';
const { ECHO_SERVICE_HOST: host, ECHO_SERVICE_PORT: port, HOST, NAME, PORT, VERSION } = process.env;
const server = createServer((request, response) => {
  if (request.url === '/crash') process.exit(1);
  if (request.url === '/call')
    return get({ host, port, agent: false }, (answer) => answer.pipe(response)).on('error', (error) => response.end(String(error)));
  response.end(JSON.stringify({ name: NAME, version: VERSION, peer: request.headers['x-forwarded-client-cert'] ?? null }));
});
server.listen(Number(PORT), HOST);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

const NAMESPACE = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { mesh.dot-kube.io/inject: enabled } }
`;

const service = (name: string): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80, targetPort: http }]
`;

function deployment(name: string, version: string, more: { labels?: string; annotations?: string } = {}): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, version: ${version}, ${more.labels ?? ''} }, annotations: { ${more.annotations ?? ''} } }
    spec:
      serviceAccountName: ${name}
      containers:
        - name: main
          command: [node, program.mjs]
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - { name: VERSION, value: ${version} }
            - { name: NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
`;
}

const STRICT = `
apiVersion: mesh.dot-kube.io/v1alpha1
kind: MeshPolicy
metadata: { name: strict, namespace: shop }
spec: { mtls: { mode: Strict } }
`;

class Shop {
  readonly folder: string;
  readonly up: UpProcess;
  #socket = '';

  constructor(root: string) {
    this.folder = join(root, 'shop');
    const runDirectory = join(root, 'run');
    this.up = new UpProcess({
      folder: this.folder,
      runDirectory,
      workingDirectory: root,
      environment: process.env,
      onStderr: () => {},
    });
  }

  async ready(): Promise<void> {
    this.#socket = await this.up.ready(60_000);
  }

  async replicas(app?: string): Promise<readonly ReplicaReport[]> {
    const all = await askLocal<readonly ReplicaReport[]>(this.#socket, '/v1/replicas');
    return all.filter(({ labels }) => app === undefined || labels['app'] === app);
  }

  status(): Promise<StatusReport> {
    return askLocal(this.#socket, '/v1/status');
  }

  traffic(): Promise<readonly TrafficRow[]> {
    return askLocal(this.#socket, '/v1/traffic');
  }

  /** Asks a Service from the terminal. */
  async call(service: string, path = '/'): Promise<Record<string, string | null>> {
    const services = await askLocal<readonly ServiceReport[]>(this.#socket, '/v1/services');
    const address = services.find((each) => each.service === `shop/${service}`)?.ports[0]?.address ?? '';
    return JSON.parse((await ask(address, path)).body) as Record<string, string | null>;
  }

  write(file: string, ...texts: readonly string[]): Promise<void> {
    return writeFile(join(this.folder, file), texts.join('---'));
  }
}

async function withShop(files: Readonly<Record<string, string>>, run: (shop: Shop) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'dotkube-local-'));
  await mkdir(join(root, 'shop'));
  await writeFile(join(root, 'program.mjs'), PROGRAM);
  for (const [file, text] of Object.entries(files)) await writeFile(join(root, 'shop', file), text);
  const shop = new Shop(root);
  try {
    await shop.ready();
    await run(shop);
  } catch (error) {
    throw new Error(`${String(error)}\n${shop.up.output.slice(-3000)}`, { cause: error });
  } finally {
    await shop.up.kill();
    await rm(root, { recursive: true, force: true });
  }
}

const FILES = {
  'namespace.yaml': NAMESPACE,
  'web.yaml': [service('web'), deployment('web', 'v1')].join('---'),
  'echo.yaml': [service('echo'), deployment('echo', 'v1', { annotations: 'local.dot-kube.io/listen: localhost' })].join(
    '---',
  ),
  'old.yaml': [service('old'), deployment('old', 'v1', { labels: 'mesh.dot-kube.io/inject: disabled' })].join('---'),
};

test('a folder is a mesh: meshed and not, on localhost and not, status and edits, and Ctrl-C ends it all', async () => {
  await withShop(FILES, async (shop) => {
    const replicas = await shop.replicas();
    assert.deepEqual(
      replicas.map(({ labels, meshed }) => [labels['app'], meshed]),
      [
        ['echo', true],
        ['old', false],
        ['web', true],
      ],
    );
    const [echo] = await shop.replicas('echo');
    assert.match(echo?.application ?? '', /^127\.0\.0\.1:\d+$/);

    const fromWeb = await shop.call('web', '/call');
    assert.equal(fromWeb['name'], echo?.pod.split('/')[1]);
    assert.match(fromWeb['peer'] ?? '', /URI=spiffe:\/\/cluster\.local\/ns\/shop\/sa\/web/);
    const fromOld = await shop.call('old', '/call');
    assert.deepEqual([fromOld['version'], fromOld['peer']], ['v1', null]);

    const rows = await eventually('both calls are in the table', 5000, async () => {
      const found = (await shop.traffic()).filter(({ destination }) => destination === 'echo');
      return found.length === 2 && found.every(({ identity }) => identity !== '') ? found : undefined;
    });
    // Callers are told by the addresses of their pods, with a proxy and without.
    assert.deepEqual(
      rows.map(({ identity, requests, source }) => [source, requests, identity]),
      [
        ['old', 1, 'plaintext'],
        ['web', 1, 'spiffe://cluster.local/ns/shop/sa/web'],
      ],
    );

    await shop.write('strict.yaml', STRICT);
    await eventually('plain text is refused', 1000, async () => {
      const refused = await shop.call('echo').catch((error: Error) => error);
      return refused instanceof Error && /ECONNRESET|socket hang up/.test(refused.message) ? true : undefined;
    });
    // Programmed also waits until the connections are gone that Strict forbids.
    await eventually('strict is programmed', 5000, async () => {
      const { objects } = await shop.status();
      return objects.some(({ conditions }) => conditions.every(({ status }) => status === 'True')) ? true : undefined;
    });
    assert.equal((await shop.call('old'))['version'], 'v1');

    let [stdout, stderr] = ['', ''];
    const exitCode = await runCommand(['status', '--exit-code'], {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      environment: {},
      workingDirectory: join(shop.folder, '..', 'run'),
      readStdin: () => Promise.resolve(''),
      signal: new AbortController().signal,
    });
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.match(stdout, /MeshPolicy +shop +strict +True +True +True +2\/2/);
    assert.match(stdout, /shop\/web-\w+-0 +SYNCED/);

    await shop.up.end(replicas.flatMap(({ processes }) => processes));
  });
});

test('an edited Deployment rolls without a failed request, and a crashed process is started again', async () => {
  const { 'old.yaml': _, ...files } = FILES;
  await withShop(files, async (shop) => {
    const versions: (string | null | undefined)[] = [];
    const rolled = new AbortController();
    const calling = (async () => {
      while (!rolled.signal.aborted) {
        versions.push((await shop.call('web', '/call'))['version']);
        await delay(5);
      }
    })();
    await delay(200);
    await shop.write('echo.yaml', service('echo'), deployment('echo', 'v2'));
    await eventually('only v2 is left', 20_000, async () => {
      const pods = await shop.replicas('echo');
      return pods.length === 1 && pods[0]?.labels['version'] === 'v2' ? true : undefined;
    });
    rolled.abort();
    await calling;
    assert.ok(versions.includes('v1') && versions.includes('v2'));
    assert.deepEqual(
      versions.filter((version) => version !== 'v1' && version !== 'v2'),
      [],
    );

    const [before] = await shop.replicas('echo');
    await ask(before?.application ?? '', '/crash').catch(() => undefined);
    await eventually('echo answers again', 10_000, async () => {
      const again = await shop.call('web', '/call').catch(() => undefined);
      return again?.['version'] === 'v2' ? true : undefined;
    });
    assert.match(shop.up.output, /shop\/echo-\w+-0: ended \(exit code 1\); starting it again in 250 ms/);
    const [after] = await shop.replicas('echo');
    assert.equal(after?.pod, before?.pod);
    assert.notDeepEqual(after?.processes, before?.processes);
  });
});

test('killed by SIGKILL it leaves no process behind, and starts again in the same folder', async () => {
  const { 'echo.yaml': echo, 'namespace.yaml': namespace } = FILES;
  const root = await mkdtemp(join(tmpdir(), 'dotkube-killed-'));
  await mkdir(join(root, 'shop'));
  await writeFile(join(root, 'program.mjs'), PROGRAM);
  await writeFile(join(root, 'shop', 'all.yaml'), [namespace, echo].join('---'));
  const shop = new Shop(root);
  let again: Shop | undefined;
  try {
    await shop.ready();
    const processes = (await shop.replicas()).flatMap((replica) => replica.processes);
    assert.equal(processes.length, 2);
    await shop.up.kill();
    for (const pid of processes)
      await eventually(`process ${pid} is gone`, 5000, async () => ((await isLeft(pid)) ? undefined : true));
    again = new Shop(root);
    await again.ready();
    const journal = JSON.parse(await readFile(join(root, 'run', 'processes.json'), 'utf8')) as object[];
    assert.equal(journal.length, 2);
    await again.up.end((await again.replicas()).flatMap((replica) => replica.processes));
  } finally {
    await shop.up.kill();
    await again?.up.kill();
    await rm(root, { recursive: true, force: true });
  }
});
