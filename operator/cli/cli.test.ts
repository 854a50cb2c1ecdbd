import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandIo } from './command.ts';
import { COMMANDS } from './commands.ts';
import { runCommand } from './run-command.ts';

const SPLIT = `apiVersion: mesh.dot-kube.io/v1alpha1
kind: TrafficSplit
metadata:
  name: reviews
  namespace: shop
spec:
  service: reviews
  backends:
    - name: v1
      labels: {version: v1}
      weight: 90
    - name: v2
      labels: {version: v2}
      wieght: 10
`;

async function dotkube(words: readonly string[], more: Partial<CommandIo> = {}) {
  let [stdout, stderr] = ['', ''];
  const exitCode = await runCommand(words, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    environment: {},
    workingDirectory: tmpdir(),
    readStdin: () => Promise.resolve(''),
    signal: new AbortController().signal,
    ...more,
  });
  return { exitCode, stdout, stderr };
}

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dotkube-cli-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('without a command, and for one that is not there, it says what there is', async () => {
  const nothing = await dotkube([]);
  assert.equal(nothing.exitCode, 2);
  assert.match(nothing.stderr, /usage: dotkube COMMAND/);
  const typo = await dotkube(['vlidate']);
  assert.deepEqual([typo.exitCode, typo.stdout], [2, '']);
  assert.match(typo.stderr, /no command vlidate; did you mean validate\?/);
});

test('every command has help that names all of its flags', async () => {
  for (const { load, name } of COMMANDS) {
    for (const words of [
      [name, '--help'],
      ['help', name],
    ]) {
      const { exitCode, stdout } = await dotkube(words);
      assert.equal(exitCode, 0);
      assert.match(stdout, new RegExp(`usage: dotkube ${name}`));
      for (const flag of Object.keys((await load()).flags)) assert.ok(stdout.includes(`--${flag}`), `${name} ${flag}`);
    }
    const general = await dotkube(['--help']);
    assert.ok(general.stdout.includes(`  ${name}`), name);
  }
});

test('a flag that is not there is a mistake of usage, with the one that was meant', async () => {
  const { exitCode, stderr } = await dotkube(['up', '--runn-dir', 'x', '.']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /'--runn-dir'; did you mean run-dir\?\nusage: dotkube up/);
});

test('a value that is none of the choices is a mistake of usage', async () => {
  const { exitCode, stderr } = await dotkube(['status', '-o', 'xml']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /--output is one of table, json, yaml, not xml/);
});

test('validate tells file, line and column, code and fix, and exits with 1', async () => {
  await withFolder(async (folder) => {
    await mkdir(join(folder, 'policies'));
    await writeFile(join(folder, 'policies', 'split.yaml'), SPLIT);
    await writeFile(join(folder, 'service.yaml'), 'apiVersion: v1\nkind: Service\nmetadata: {name: reviews}\n');
    const { exitCode, stdout } = await dotkube(['validate', 'policies', 'service.yaml'], { workingDirectory: folder });
    assert.equal(exitCode, 1);
    assert.match(
      stdout,
      /^policies\/split\.yaml:14:7: error DK1001 TrafficSplit reviews spec\.backends\[1\]\.wieght: /m,
    );
    assert.match(stdout, /did you mean weight\?\n {4}fix: /);
    assert.match(stdout, /\n1 object in 2 files: \d problems?; 1 object of other kinds skipped\n$/);
  });
});

test('validate reads standard input, and says nothing bad of what is good', async () => {
  const good = SPLIT.replace('wieght', 'weight');
  const { exitCode, stdout } = await dotkube(['validate', '-'], { readStdin: () => Promise.resolve(good) });
  assert.deepEqual([exitCode, stdout], [0, '1 object in 1 file: all is well\n']);
});

test('validate speaks JSON', async () => {
  const { exitCode, stdout } = await dotkube(['validate', '-o', 'json', '-'], {
    readStdin: () => Promise.resolve(SPLIT),
  });
  assert.equal(exitCode, 1);
  const result = JSON.parse(stdout) as { checked: number; findings: Record<string, unknown>[] };
  assert.equal(result.checked, 1);
  const found = result.findings.find(({ code }) => code === 'DK1001');
  assert.deepEqual([found?.['file'], found?.['line'], found?.['column']], ['stdin', 14, 7]);
  assert.deepEqual(found?.['object'], { kind: 'TrafficSplit', namespace: 'shop', name: 'reviews' });
});

test('validate without files, and with one that is not there, is a mistake of usage', async () => {
  assert.equal((await dotkube(['validate'])).exitCode, 2);
  const { exitCode, stderr } = await dotkube(['validate', 'no-such-file.yaml']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /there is no file or folder no-such-file\.yaml/);
});

test('status says so when nothing runs here', async () => {
  await withFolder(async (folder) => {
    await assert.rejects(dotkube(['status', '--run-dir', folder]), /no dotkube up is running/);
  });
});

test('up needs a folder that is there', async () => {
  assert.equal((await dotkube(['up'])).exitCode, 2);
  const { exitCode, stderr } = await dotkube(['up', 'no-such-folder']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /there is no folder no-such-folder/);
});

test('version tells the versions of all that is involved', async () => {
  const { exitCode, stdout } = await dotkube(['version']);
  assert.equal(exitCode, 0);
  assert.match(stdout, /^dotkube \d+\.\d+\.\d+ \(Node\.js \d+\.\d+\.\d+, Envoy 1\.40\.0\)\n$/);
});
