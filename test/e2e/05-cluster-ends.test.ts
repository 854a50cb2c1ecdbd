import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { silentProgress } from '../../operator/local/tools/progress.ts';
import { BUSYBOX_IMAGE } from '../cluster/images/own-images.ts';
import { type NodeCluster, nodeCluster, takeDown } from '../cluster/node-cluster.ts';
import { processesOf } from '../cluster/node/cgroups.ts';
import { readState, type StateEntry, statesDirectory } from '../cluster/node/cluster-state.ts';
import { end, type ProcessRecord, runs } from '../cluster/node/process-record.ts';

/** Clusters of one node that end: whoever started them, and whatever has become of them. */
const SKIP = (process.env['KUBECONFIG'] ?? '') !== '' && 'a cluster is given';
const name = `ends-${process.pid}`;

let base: string;
let environment: NodeJS.ProcessEnv;
let directory: string;
let untouched: Machine;

before(async () => {
  base = await mkdtemp(join(tmpdir(), 'dot-kube-states-'));
  environment = { ...process.env, DOT_KUBE_STATE: base };
  directory = join(statesDirectory(environment), name);
  untouched = await machine();
});
after(async () => {
  await takeDown({ name, environment });
  await rm(base, { recursive: true, force: true });
});

test('a cluster runs once, and nothing of it is left when it ends', { skip: SKIP, timeout: 300_000 }, async () => {
  const cluster = await up();
  await runPod(cluster);
  const entries = await stateOf();
  const again = await nodeCluster({ environment: { ...environment, KUBECONFIG: cluster.kubeconfig } });
  assert.equal(again.external, false);
  assert.equal(again.kubeconfig, cluster.kubeconfig);
  assert.deepEqual(await stateOf(), entries);
  await assert.rejects(up(['--v=1']), /runs with other API server flags \(\)/);
  assert.ok((await inside(entries)).length > 10);

  await again.down();
  await assertNothingIsLeft(entries);
  assert.equal(await takeDown({ name, environment }), false);
});

test('a cluster whose programs crashed is replaced, and ends whole', { skip: SKIP, timeout: 300_000 }, async () => {
  const first = await up();
  await runPod(first);
  const entries = await stateOf();
  // Its shims and the containers of its pods live on.
  end(processOf(entries, 'node1: containerd'));
  end(processOf(entries, 'node1: kubelet'));
  const second = await up();
  await assertNothingRuns(entries);
  assert.equal(await second.kubectl('get', 'pods', '-o', 'name'), '');

  const later = await stateOf();
  end(processOf(later, 'control: process 1'));
  await second.down();
  await assertNothingIsLeft(later);
});

function up(apiServerArgs?: readonly string[]): Promise<NodeCluster> {
  const args = apiServerArgs === undefined ? {} : { apiServerArgs };
  return nodeCluster({ name, environment, nodes: 1, progress: silentProgress, ...args });
}

async function runPod(cluster: NodeCluster): Promise<void> {
  await cluster.kubectl('run', 'sleeper', `--image=${BUSYBOX_IMAGE}`, '--command', '--', 'sleep', '3600');
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/sleeper', '--timeout=60s');
}

async function stateOf(): Promise<readonly StateEntry[]> {
  const entries = await readState(directory);
  assert.ok(entries !== undefined);
  return entries;
}

function processOf(entries: readonly StateEntry[], label: string): ProcessRecord {
  const found = entries.find((entry) => entry.kind === 'process' && entry.name === label);
  assert.ok(found?.kind === 'process', label);
  return found.process;
}

async function inside(entries: readonly StateEntry[]): Promise<readonly number[]> {
  const cgroups = entries.flatMap((entry) => (entry.kind === 'cgroups' ? entry.cgroups : []));
  return (await Promise.all(cgroups.map(processesOf))).flat();
}

async function assertNothingRuns(entries: readonly StateEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind === 'process') assert.equal(runs(entry.process), false, entry.name);
  }
}

async function assertNothingIsLeft(entries: readonly StateEntry[]): Promise<void> {
  await assertNothingRuns(entries);
  await assert.rejects(access(directory));
  for (const entry of entries) {
    if (entry.kind !== 'cgroups') continue;
    for (const cgroup of entry.cgroups) await assert.rejects(access(cgroup), cgroup);
  }
  for (const entry of entries) if (entry.kind === 'link') assert.equal(networkInterfaces()[entry.link], undefined);
  assert.deepEqual(await machine(), untouched);
}

/** What of the machine a cluster must not change. */
interface Machine {
  readonly mounts: readonly string[];
  readonly settings: readonly string[];
}

async function machine(): Promise<Machine> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').filter((line) => line.includes(name));
  const keys = ['vm/overcommit_memory', 'kernel/panic', 'kernel/panic_on_oops', 'net/ipv4/ip_forward'];
  const settings = await Promise.all(keys.map((key) => readFile(`/proc/sys/${key}`, 'utf8')));
  return { mounts, settings };
}
