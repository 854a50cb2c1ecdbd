import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { E2eCluster } from './harness/cluster.ts';
import { driftOf, installSystem } from './harness/system.ts';

describe('the synthesized manifests', () => {
  let cluster: E2eCluster;
  before(async () => {
    cluster = await E2eCluster.open();
    await cluster.loadImages();
  });
  after(() => cluster[Symbol.asyncDispose]());

  test('install the system, whose two replicas become ready', { timeout: 300_000 }, async () => {
    await installSystem(cluster);
  });

  test('are what runs: kubectl diff is empty', async () => {
    assert.equal(await driftOf(cluster), '');
  });
});
