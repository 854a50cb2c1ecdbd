import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { layerArchive } from './layer-archive.ts';
import { type ImageParts, ociImage, sha256 } from './oci-image.ts';
import { layoutEntries, writeLayout } from './oci-layout.ts';
import { type TarEntry, tarOf } from './tar.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
}

const ENTRIES: readonly TarEntry[] = [{ kind: 'file', path: 'a', mode: 0o644, data: Buffer.from('a'.repeat(10_000)) }];

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dot-kube-oci-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const parts = async (cache: string): Promise<ImageParts> => ({
  architecture: 'arm64',
  config: { user: 7, entrypoint: ['/a'], workingDirectory: '/', environment: { A: 'b' }, ports: [80] },
  labels: { 'org.opencontainers.image.title': 'a' },
  layers: [await layerArchive('one', ENTRIES, cache)],
  created: 0,
  names: ['docker.io/dot-kube/a:1', 'docker.io/dot-kube/a:dev'],
  sbom: '{}\n',
});

test('a layer is the archive, compressed; from the cache it is the same', () =>
  inFolder(async (cache) => {
    const layer = await layerArchive('one', ENTRIES, cache);
    const archive = tarOf(ENTRIES);
    assert.deepEqual(zstdDecompressSync(layer.blob.data), archive);
    assert.equal(layer.diffId, sha256(archive));
    assert.equal(layer.size, archive.length);
    assert.deepEqual(await layerArchive('one', ENTRIES, cache), layer);
    assert.deepEqual((await layerArchive('one', ENTRIES, join(cache, 'other'))).blob, layer.blob);
  }));

test('every descriptor has the digest and the size of a blob of the layout', () =>
  inFolder(async (cache) => {
    const image = ociImage(await parts(cache));
    const blobs = new Map(image.blobs.map(({ digest, data }) => [digest, data]));
    for (const [digest, data] of blobs) assert.equal(sha256(data), digest);
    const checked = (descriptor: Descriptor): Buffer => {
      const data = blobs.get(descriptor.digest) ?? assert.fail(JSON.stringify(descriptor));
      assert.equal(data.length, descriptor.size);
      return data;
    };
    const { manifests } = JSON.parse(image.index) as { manifests: readonly Descriptor[] };
    for (const each of manifests) {
      const manifest = JSON.parse(checked(each).toString()) as Manifest;
      for (const descriptor of [manifest.config, ...manifest.layers]) checked(descriptor);
      // The bill of materials refers to the image.
      if (each.artifactType !== undefined) assert.equal(manifest.subject?.digest, image.digest);
      else assert.equal(each.digest, image.digest);
    }
    assert.deepEqual(
      manifests.map(({ annotations }) => annotations?.['io.containerd.image.name']),
      ['docker.io/dot-kube/a:1', 'docker.io/dot-kube/a:dev', undefined],
    );
    assert.deepEqual(
      manifests.map(({ annotations }) => annotations?.['org.opencontainers.image.ref.name']),
      ['1', 'dev', undefined],
    );
  }));

test('the configuration says how a container is run', () =>
  inFolder(async (cache) => {
    const given = await parts(cache);
    const { blobs } = ociImage(given);
    const config = blobs.find(({ mediaType }) => mediaType.endsWith('image.config.v1+json')) ?? assert.fail();
    const { config: container, ...rest } = JSON.parse(config.data.toString()) as Record<string, unknown>;
    assert.deepEqual(container, {
      User: '7:7',
      ExposedPorts: { '80/tcp': {} },
      Env: ['A=b'],
      Entrypoint: ['/a'],
      WorkingDir: '/',
      Labels: { 'org.opencontainers.image.title': 'a' },
    });
    assert.deepEqual(rest, {
      created: '1970-01-01T00:00:00Z',
      architecture: 'arm64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [given.layers[0]?.diffId] },
      history: [{ created: '1970-01-01T00:00:00Z', created_by: 'npm run images (one)' }],
    });
  }));

test('a layout is written as a folder and as an archive, over an older one', () =>
  inFolder(async (folder) => {
    const given = await parts(folder);
    const path = join(folder, 'a');
    await writeLayout(path, ociImage({ ...given, names: [] }));
    const image = ociImage(given);
    await writeLayout(path, image);
    assert.equal(await readFile(join(path, 'index.json'), 'utf8'), image.index);
    for (const { digest, data } of image.blobs)
      assert.deepEqual(await readFile(join(path, 'blobs', digest.replace(':', '/'))), data);
    assert.deepEqual(await readFile(`${path}.tar`), tarOf(layoutEntries(image)));
  }));
