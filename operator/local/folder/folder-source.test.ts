import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { NAMESPACE, SERVICE } from '../../api/index.ts';
import { systemClock } from '../../framework/clock.ts';
import { InMemoryApi } from '../../framework/testing/index.ts';
import { type FolderReport, FolderSource } from './folder-source.ts';

const service = (name: string, port: number): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {ports: [{port: ${port}}]}\n`;
const BROKEN =
  'apiVersion: mesh.dot-kube.io/v1alpha1\nkind: TrafficSplit\nmetadata: {name: a}\nspec: {servce: reviews}\n';

async function withFolder(
  run: (folder: string, api: InMemoryApi, reports: FolderReport[]) => Promise<void>,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dotkube-folder-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const api = new InMemoryApi();
  const reports: FolderReport[] = [];
  const source = new FolderSource({
    root: folder,
    api,
    clock: systemClock,
    onReport: (report) => reports.push(report),
  });
  try {
    await source.start();
    await run(folder, api, reports);
  } finally {
    await source.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function ports(api: InMemoryApi): Promise<readonly string[]> {
  const { items } = await api.list(SERVICE);
  return items.map(({ metadata, spec }) => `${metadata.name}:${spec?.ports?.[0]?.port}`).sort();
}

/** Waits for at most a second, which is what users are promised. */
async function becomes(api: InMemoryApi, expected: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    if ((await ports(api)).join() === expected.join()) return;
    await delay(20);
  }
  assert.deepEqual(await ports(api), expected);
}

test('the objects of all files below a folder are applied, and follow their files', async () => {
  await withFolder(
    async (folder, api) => {
      assert.deepEqual(await ports(api), ['a:1']);
      assert.equal((await api.list(NAMESPACE)).items[0]?.metadata.name, 'shop');
      await writeFile(join(folder, 'a.yaml'), `${service('a', 2)}---\n${service('b', 1)}`);
      await becomes(api, ['a:2', 'b:1']);
      await mkdir(join(folder, 'deeper'));
      await writeFile(join(folder, 'deeper', 'c.yml'), service('c', 1));
      await becomes(api, ['a:2', 'b:1', 'c:1']);
      await writeFile(join(folder, 'deeper', 'c.yml'), service('c', 2));
      await becomes(api, ['a:2', 'b:1', 'c:2']);
      await rm(join(folder, 'a.yaml'));
      await becomes(api, ['c:2']);
    },
    { 'a.yaml': service('a', 1), 'notes.txt': 'none', '.hidden.yaml': service('hidden', 1) },
  );
});

test('an editor may write a new file and rename it over the old one, again and again', async () => {
  await withFolder(
    async (folder, api) => {
      for (const port of [2, 3, 4]) {
        await writeFile(join(folder, '.a.yaml.swp'), service('a', port));
        await rename(join(folder, '.a.yaml.swp'), join(folder, 'a.yaml'));
        await becomes(api, [`a:${port}`]);
      }
    },
    { 'a.yaml': service('a', 1) },
  );
});

test('an editor may empty a file, or move it away, before it writes it anew', async () => {
  await withFolder(
    async (folder, api, reports) => {
      const path = join(folder, 'a.yaml');
      await writeFile(path, '');
      await delay(60);
      await writeFile(path, service('a', 2));
      await becomes(api, ['a:2']);
      await rename(path, `${path}~`);
      await delay(60);
      await writeFile(path, service('a', 3));
      await becomes(api, ['a:3']);
      assert.deepEqual(
        reports.flatMap(({ removed }) => removed),
        [],
      );
    },
    { 'a.yaml': service('a', 1) },
  );
});

test('a folder whose name looks like that of a file is read too', async () => {
  await withFolder(async (folder, api) => {
    await mkdir(join(folder, 'v1.2'));
    await writeFile(join(folder, 'v1.2', 'b.yaml'), service('b', 1));
    await becomes(api, ['b:1']);
  });
});

test('a file with an error says where, and stays in force as it was', async () => {
  await withFolder(
    async (folder, api, reports) => {
      await writeFile(join(folder, 'a.yaml'), `${service('a', 2)}---\n${BROKEN}`);
      await writeFile(join(folder, 'b.yaml'), service('b', 2));
      await becomes(api, ['a:1', 'b:2']);
      const found = reports.flatMap(({ findings }) => findings).find(({ code }) => code === 'DK1001');
      assert.ok(found?.file.endsWith('a.yaml'));
      assert.deepEqual([found?.line, found?.column], [9, 8]);
      await writeFile(join(folder, 'a.yaml'), service('a', 3));
      await becomes(api, ['a:3', 'b:2']);
      assert.deepEqual(reports.at(-1)?.findings, []);
    },
    { 'a.yaml': service('a', 1), 'b.yaml': service('b', 1) },
  );
});

test('the same reading twice tells nothing and writes nothing', async () => {
  await withFolder(
    async (folder, api, reports) => {
      const version = api.resourceVersion;
      await writeFile(join(folder, 'a.yaml'), service('a', 1));
      await delay(150);
      assert.equal(api.resourceVersion, version);
      assert.equal(reports.length, 1);
    },
    { 'a.yaml': service('a', 1) },
  );
});
