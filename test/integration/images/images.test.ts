import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { nftScript } from '@dot-kube/proxy/init';
import { parseAllDocuments } from 'yaml';
import { ENVOY_VERSION } from '../../../operator/local/tools/envoy-binary.ts';
import { findOnPath } from '../../../operator/local/tools/executable.ts';
import { startControlPlane } from '../../cluster/control-plane.ts';
import { freePort } from '../../tools/free-port.ts';
import { type BuiltImage, buildImages } from '../../tools/images/build-images.ts';
import { RECIPES } from '../../tools/images/recipes.ts';
import { startProcess } from '../../tools/process.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { startServer, waitUntilServing } from '../../tools/server-process.ts';
import { ROOT } from '../harness/index.ts';
import { type Container, unpacked } from './container.ts';

const NAMES = Object.keys(RECIPES);

const isBuildable = (await findOnPath('apt-get', process.env)) !== undefined;
const isRunnable = process.platform === 'linux' && process.getuid?.() === 0;

interface Sbom {
  readonly packages: readonly {
    readonly name: string;
    readonly versionInfo: string;
    readonly externalRefs: readonly { readonly referenceLocator: string }[];
  }[];
}

describe('images', { skip: isBuildable ? false : 'they are built where there is apt' }, () => {
  const scope = new AsyncDisposableStack();
  const images = new Map<string, BuiltImage>();
  const containers = new Map<string, Container>();
  let directory: string;
  const image = (name: string): BuiltImage => images.get(name) ?? assert.fail(name);
  const container = (name: string): Container => containers.get(name) ?? assert.fail(name);
  const entriesOf = (name: string) => image(name).layers.flatMap(({ entries }) => entries);

  before(async () => {
    directory = await scratchDirectory('images');
    scope.defer(() => rm(directory, { recursive: true, force: true }));
    for (const [index, built] of (await buildImages(Object.values(RECIPES))).entries()) {
      const name = NAMES[index] ?? '';
      images.set(name, built);
      containers.set(name, await unpacked(built, directory));
    }
  });
  after(() => scope.disposeAsync());

  test('a second build has the same bytes, with nothing kept from the first, for other users and in other time zones', async () => {
    const [mask, zone] = [process.umask(0o077), process.env['TZ']];
    process.env['TZ'] = 'Pacific/Chatham';
    try {
      const again = await buildImages(Object.values(RECIPES), { layerCache: join(directory, 'layers') });
      const layersOf = ({ layers }: BuiltImage) => layers.map(({ name, diffId, blob }) => [name, diffId, blob.digest]);
      for (const [index, second] of again.entries()) {
        const { image: built, sbom } = second;
        const first = image(NAMES[index] ?? '');
        assert.deepEqual(layersOf(second), layersOf(first));
        assert.equal(built.digest, first.image.digest);
        assert.equal(built.index, first.image.index);
        assert.equal(sbom, first.sbom);
      }
    } finally {
      process.umask(mask);
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  for (const name of NAMES) {
    test(`${name} runs as a numeric user that is not root and has a name`, () => {
      const { user, entrypoint, workingDirectory } = image(name).recipe.config;
      assert.ok(user > 0);
      const passwd = entriesOf(name).find(({ path }) => path === 'etc/passwd');
      assert.ok(passwd?.kind === 'file' && passwd.data.toString().includes(`:${user}:${user}:`));
      const has = (path: string) => path === '/' || entriesOf(name).some((entry) => `/${entry.path}`.startsWith(path));
      const paths = entrypoint.filter((word) => !word.startsWith('--'));
      assert.ok([workingDirectory, ...paths].every(has));
    });

    test(`${name} has no shell, no setuid program and nothing that others than root may write`, () => {
      const files = entriesOf(name).flatMap((entry) => (entry.kind === 'link' ? [] : [entry]));
      assert.deepEqual(
        files.filter(({ path, mode }) => path !== 'tmp' && (mode & 0o7022) !== 0),
        [],
      );
      const shells = entriesOf(name).filter(({ path }) => /(^|\/)(sh|bash|dash|busybox|apt|dpkg)$/.test(path));
      assert.deepEqual(shells, []);
    });

    test(`${name} has in its bill of materials what the package databases and programs within say`, async () => {
      const { packages } = JSON.parse(image(name).sbom) as Sbom;
      const listed = new Set(packages.map((each) => `${each.name} ${each.versionInfo}`));
      const records = join(container(name).root, 'var/lib/dpkg/status.d');
      for (const file of await readdir(records)) {
        const version = /^Version: (.+)$/m.exec(await readFile(join(records, file), 'utf8'))?.[1];
        assert.ok(listed.has(`${file} ${version}`), `${file} ${version}`);
      }
      if (name === 'proxy') assert.ok(listed.has(`envoy ${ENVOY_VERSION}`));
      else assert.ok(listed.has(`node ${process.versions.node}`));
      if (name !== 'operator') return;
      for (const library of ['winston', 'yaml', '@bufbuild/protobuf', '@peculiar/x509', '@kubernetes/client-node']) {
        const text = await readFile(join(ROOT, 'node_modules', library, 'package.json'), 'utf8');
        assert.ok(listed.has(`${library} ${(JSON.parse(text) as { version: string }).version}`), library);
      }
    });
  }

  test('the files that the operator and dotkube look for beside their code are in the image', () => {
    const paths = new Set(entriesOf('operator').map(({ path }) => path));
    const looked = entriesOf('operator').flatMap((entry) => {
      if (entry.kind !== 'file' || !entry.path.endsWith('.mjs')) return [];
      const found = entry.data.toString().matchAll(/\bjoin\d*\(import\.meta\.dirname \+ "([^"]+)", "([^"]+)"\)/g);
      return [...found].map(([, folder = '', file = '']) => join('app', folder, file));
    });
    assert.ok(looked.includes('app/operator/local/tools/envoy-wheel.txt'), String(looked));
    const missing = looked.filter((file) => ![...paths].some((path) => path === file || path.startsWith(`${file}/`)));
    // The demo takes a checkout, and the package of the charts has copies of its own.
    assert.deepEqual(
      missing.filter((file) => file !== 'app' && file !== 'app/cdk8s/crds'),
      [],
    );
  });

  describe('run', { skip: isRunnable ? false : 'it takes root on Linux' }, () => {
    test('every program finds its libraries', async () => {
      for (const name of NAMES) {
        for (const entry of entriesOf(name)) {
          const isProgram = entry.kind === 'file' && entry.data.subarray(0, 4).equals(Buffer.from('\x7fELF'));
          // Their libraries' libraries are listed with them.
          if (!isProgram || !entry.path.includes('bin/')) continue;
          // It runs on any node, by itself.
          if (entry.path.endsWith('/dot-kube-cni')) {
            assert.ok(!entry.data.includes('/ld-linux-'), 'the CNI plugin is static');
            continue;
          }
          const { root } = container(name);
          const loader = (await readdir(join(root, 'usr/lib64')))[0] ?? assert.fail('there is no loader');
          const command = [`/usr/lib64/${loader}`, '--list', `/${entry.path}`];
          const { exitCode, tail } = await container(name).run({ command });
          assert.equal(exitCode, 0, `${name}: ${tail}`);
          assert.doesNotMatch(tail, /not found/);
        }
      }
    });

    test('nothing can be written', async () => {
      const command = ['node', '-e', 'fs.writeFileSync("/tmp/x", "")'];
      assert.match((await container('operator').run({ command })).tail, /EROFS/);
    });

    test('the proxy is Envoy as its own user, and nft applies the rules of a capture', async () => {
      const proxy = container('proxy');
      assert.match((await proxy.run({ args: ['--version'] })).stdout, new RegExp(`/${ENVOY_VERSION}/`));
      await using holder = await startProcess({ command: 'unshare', args: ['--net', 'sleep', 'infinity'] });
      const script = nftScript({
        families: ['ipv4', 'ipv6'],
        proxyUid: 15_001,
        inboundPort: 15_006,
        outboundPort: 15_001,
        exclusions: { inboundPorts: ['9090'], outboundPorts: [], outboundCidrs: { ipv4: ['192.0.2.0/24'], ipv6: [] } },
      });
      const nft = { user: 0, networkOf: holder.pid };
      await new Promise((resolve) => setTimeout(resolve, 100));
      const applied = await proxy.run({ ...nft, command: ['/usr/sbin/nft', script] });
      assert.equal(applied.exitCode, 0, applied.tail);
      const { stdout } = await proxy.run({ ...nft, command: ['/usr/sbin/nft', 'list', 'ruleset'] });
      assert.match(stdout, /ip daddr 192\.0\.2\.0\/24 accept/);
      assert.match(stdout, /table ip6 dot_kube/);
    });

    test('the agent of the CNI plugin has what it calls, and the plugin runs without anything', async () => {
      const cni = container('cni');
      assert.match((await cni.run({ args: ['--help'] })).stdout, /^Usage: dot-kube-cni/);
      for (const command of [
        ['nsenter', '--version'],
        ['nft', '--version'],
      ])
        assert.equal((await cni.run({ command })).exitCode, 0, command[0]);
      const [command, environment] = [['/opt/dot-kube/bin/dot-kube-cni'], { CNI_COMMAND: 'VERSION' }];
      const { exitCode, tail } = await cni.run({ command, environment });
      // Its configuration is on its standard input, where there is none here.
      assert.deepEqual([exitCode, /the configuration is no JSON/.test(tail)], [1, true], tail);
      const { packages } = JSON.parse(image('cni').sbom) as Sbom;
      const [library] = packages.filter(({ name }) => name === 'stdlib');
      assert.match(library?.versionInfo ?? '', /^1\.\d+/, 'the library of Go is in the bill of materials');
    });

    test('dotkube reads its own version and validates files', async () => {
      const operator = container('operator');
      assert.match((await operator.run({ command: ['dotkube', 'version'] })).stdout, /^dotkube \d+\.\d+\.\d+ /);
      const mount = join(ROOT, 'examples/bookstore/policies');
      const { exitCode, tail } = await operator.run({ command: ['dotkube', 'validate', '/mnt'], mount });
      assert.equal(exitCode, 0, tail);
    });

    test('the operator gets ready on a real API server, and dotkube has the charts', async () => {
      await using cluster = await startControlPlane();
      const mount = join(directory, 'mount');
      await mkdir(mount, { mode: 0o755 });
      // Readable by the operator's user.
      await writeFile(join(mount, 'kubeconfig'), await readFile(cluster.kubeconfig), { mode: 0o644 });
      await cluster.kubectl('create', 'namespace', 'dot-kube-system');
      await cluster.kubectl('apply', '-f', join(ROOT, 'crds'));
      const install = ['dotkube', 'install', '--kubeconfig', '/mnt/kubeconfig', '--dry-run'];
      assert.match((await container('operator').run({ command: install, mount })).tail, /dot-kube-operator/);
      const port = await freePort();
      const flags = ['--kubeconfig', '/mnt/kubeconfig', '--ca-secret', 'dot-kube-ca', '--xds-address', '127.0.0.1:0'];
      const args = [...flags, '--health-address', `127.0.0.1:${port}`];
      const server = await startServer(...split(container('operator').line({ args, mount })));
      try {
        const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
        await waitUntilServing('the operator', server, ready, { timeoutMilliseconds: 30_000 });
        const status = await readFile(`/proc/${server.process.pid}/status`, 'utf8');
        assert.match(status, /^Uid:\t65532\t65532\t65532\t65532$/m);
        assert.match(status, /^CapEff:\t0+$/m);
      } finally {
        await server.process.stop();
      }
      assert.doesNotMatch(server.logs(), /"level":"error"/);
    });

    test('the services of the bookstore answer to the commands of its manifests', async () => {
      const folder = join(ROOT, 'examples/bookstore/manifests');
      const commands = new Map<string, readonly string[]>();
      for (const file of await readdir(folder)) {
        for (const document of parseAllDocuments(await readFile(join(folder, file), 'utf8'))) {
          const template: unknown = document.getIn(['spec', 'template', 'spec', 'containers', 0, 'command']);
          if (template === undefined) continue;
          const { spec } = document.toJS() as Deployment;
          const [{ name, command, image: used } = assert.fail(file)] = spec.template.spec.containers;
          assert.ok(image('bookstore').names.includes(`docker.io/${used}`), used);
          commands.set(name, command);
        }
      }
      assert.ok(commands.size >= 6);
      for (const name of ['catalog', 'storefront']) {
        const environment = { HOST: '127.0.0.1', PORT: String(await freePort()) };
        const line = container('bookstore').line({ command: commands.get(name) ?? [], environment });
        const server = await startServer(...split(line));
        const healthy = async () => (await fetch(`http://127.0.0.1:${environment.PORT}/health`)).ok;
        await waitUntilServing(name, server, healthy, { timeoutMilliseconds: 20_000 });
        await server.process.stop();
      }
      for (const [name, [, program = '']] of commands)
        await assert.doesNotReject(stat(join(container('bookstore').root, 'app', program)), name);
    });
  });
});

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly name: string;
          readonly image: string;
          readonly command: readonly string[];
        }[];
      };
    };
  };
}

function split([command, ...args]: readonly [string, ...string[]]): [command: string, args: readonly string[]] {
  return [command, args];
}
