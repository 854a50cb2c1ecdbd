import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Apt, type ServedPackage, servedPackage } from './apt.ts';
import type { DebianLock } from './debian-lock.ts';
import { debianPackages, type DebianPackagesOptions } from './debian-packages.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An archive that serves one version of `one`, whose file holds `contents`. */
function archive(version: string, contents: string, downloaded: string[] = [], claimed = contents): Apt {
  const file = `one_${version}_amd64.deb`;
  const served: ServedPackage = { name: 'one', version, file, sha256: hash(claimed) };
  return {
    served: (packages) =>
      Promise.resolve(packages.some((each) => each === 'one' || each === `one=${version}`) ? [served] : []),
    download: async (packages, directory) => {
      downloaded.push(...packages.map((each) => each.version));
      await writeFile(join(directory, file), contents);
    },
  };
}

const NOTHING: Apt = { served: () => Promise.resolve([]), download: () => Promise.reject(new Error('gone')) };
const LOCK: DebianLock = { one: { version: '1', sha256: { amd64: hash('first') } } };

async function fetched(options: Partial<DebianPackagesOptions>) {
  const cache = await mkdtemp(join(tmpdir(), 'dot-kube-apt-'));
  const told: string[] = [];
  const settings: DebianPackagesOptions = {
    cache,
    architecture: 'amd64',
    locked: false,
    lock: LOCK,
    progress: ({ detail }) => void told.push(detail),
    ...options,
  };
  try {
    const { version } = (await debianPackages(['one'], settings)).get('one') ?? assert.fail();
    const again = await debianPackages(['one'], {
      ...settings,
      apts: { machine: NOTHING, fresh: () => Promise.resolve(NOTHING) },
    }).then(
      () => true,
      () => false,
    );
    return { version, told, isKept: again };
  } finally {
    await rm(cache, { recursive: true });
  }
}

const never = () => Promise.reject(new Error('not needed'));

test('what the lists of the machine have in the version of the lock is downloaded by them, and kept', async () => {
  const { version, isKept } = await fetched({ apts: { machine: archive('1', 'first'), fresh: never } });
  assert.deepEqual([version, isKept], ['1', true]);
});

test('lists that are too old, or name what is gone, give way to fresh ones', async () => {
  const gone: Apt = { ...archive('1', 'first'), download: (...args) => NOTHING.download(...args) };
  for (const machine of [NOTHING, archive('0', 'older'), gone]) {
    const { version } = await fetched({ apts: { machine, fresh: () => Promise.resolve(archive('1', 'first')) } });
    assert.equal(version, '1');
  }
});

test('a version that is not served any more gives way to the one that is, which is told', async () => {
  const fresh = () => Promise.resolve(archive('2', 'second'));
  const { version, told } = await fetched({ apts: { machine: NOTHING, fresh } });
  assert.equal(version, '2');
  assert.ok(told.some((line) => line.includes('the lock has 1, and only 2 is served')));
});

test('with --locked that is an error, before anything is downloaded', async () => {
  const downloaded: string[] = [];
  const fresh = () => Promise.resolve(archive('2', 'second', downloaded));
  await assert.rejects(fetched({ locked: true, apts: { machine: NOTHING, fresh } }), /npm run images -- --update/);
  assert.deepEqual(downloaded, []);
});

test('a file with other bytes than the lock says is refused, whatever apt says of it', async () => {
  for (const claimed of ['other', 'first']) {
    const fresh = () => Promise.resolve(archive('1', 'other', [], claimed));
    await assert.rejects(fetched({ apts: { machine: NOTHING, fresh } }), /is expected/);
  }
});

test('a line of apt is read with its epoch', () => {
  const sha256 = hash('');
  const line = `'http://mirror.example/libgmp10_6.2.1_amd64.deb' libgmp10_2%3a6.2.1+dfsg1-1.1_amd64.deb 9 SHA256:${sha256}`;
  const file = 'libgmp10_2%3a6.2.1+dfsg1-1.1_amd64.deb';
  assert.deepEqual(servedPackage(line), [{ name: 'libgmp10', version: '2:6.2.1+dfsg1-1.1', file, sha256 }]);
  assert.deepEqual(servedPackage('W: something else'), []);
});
