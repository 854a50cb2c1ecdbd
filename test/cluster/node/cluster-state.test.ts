import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createState, readState, statesDirectory } from './cluster-state.ts';

let base: string;
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'cluster-state-'));
});
after(() => rm(base, { recursive: true }));

test('what is recorded is read again, but for a line that was cut short', async () => {
  const directory = join(base, 'clusters', 'one');
  const state = await createState('one', directory);
  await state.record({ kind: 'cgroups', cgroups: ['/a'] });
  await appendFile(join(directory, 'state.jsonl'), '{"kind":"li');
  assert.deepEqual(await readState(directory), [{ kind: 'cgroups', cgroups: ['/a'] }]);
});

test('a cluster of which nothing was recorded yet is there, and another is not', async () => {
  const directory = join(base, 'clusters', 'two');
  await createState('two', directory);
  assert.deepEqual(await readState(directory), []);
  assert.equal(await readState(join(base, 'clusters', 'three')), undefined);
  await assert.rejects(createState('two', directory), /EEXIST/);
});

test('the states are outside the checkout, where the environment says', () => {
  assert.equal(statesDirectory({ DOT_KUBE_STATE: '/s', XDG_STATE_HOME: '/x' }), '/s/clusters');
  assert.equal(statesDirectory({ DOT_KUBE_STATE: '', XDG_STATE_HOME: '/x' }), '/x/dot-kube/clusters');
  assert.match(statesDirectory({}), /\/\.local\/state\/dot-kube\/clusters$/);
});
