import { test } from 'node:test';
import { E2eCluster } from '../harness/cluster.ts';
import { installSystem } from '../harness/system.ts';

test('the synthesized manifests install the system', { timeout: 300_000 }, async () => {
  await using cluster = await E2eCluster.open();
  await cluster.loadImages();
  await installSystem(cluster);
});
