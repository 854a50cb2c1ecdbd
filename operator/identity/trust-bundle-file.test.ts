import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '../framework/log.ts';
import { TestClock } from '../framework/testing/test-clock.ts';
import { MemoryCaStore } from './ca-store.ts';
import { CertificateAuthority } from './certificate-authority.ts';
import { keepTrustBundleFile } from './trust-bundle-file.ts';

test('the file of the trust bundle follows each step of a change of the root', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dot-kube-bundle-'));
  try {
    const path = join(folder, 'roots.pem');
    const authority = await CertificateAuthority.open({
      store: new MemoryCaStore(),
      trustDomain: 'cluster.local',
      clock: new TestClock(),
    });
    await keepTrustBundleFile(path, authority, silentLogger);
    assert.equal(await readFile(path, 'utf8'), authority.trustBundle.pem);
    await authority.beginRootChange();
    await authority.completeRootChange();
    await authority.finishRootChange();
    while ((await readFile(path, 'utf8')) !== authority.trustBundle.pem) await new Promise(setImmediate);
    assert.deepEqual(await readdir(folder), ['roots.pem']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
