import { join } from 'node:path';
import { startDotKube } from '../control-planes/dot-kube.ts';
import { startFleet } from '../fleet/fleet.ts';
import { figuresResult } from '../report/section.ts';
import { startBenchCluster } from '../rig/bench-cluster.ts';
import type { Bench } from '../rig/bench.ts';
import { fleetPods } from '../rig/fleet-pods.ts';
import type { PartResult } from '../rig/part.ts';
import { processUsage } from '../rig/process-usage.ts';
import { setUpServices } from '../rig/xdsload.ts';

const SERVICES = 1000;
const ENDPOINTS = 5;
const PROXIES = 1000;
const CALLS = 10;
const QUIET_MS = 3000;
const MOST_MS = 180_000;

/** From the end of the control plane until all proxies are in sync with the next one, and what they were sent for that. */
export async function restart(bench: Bench): Promise<PartResult> {
  const { say, signal } = bench;
  await using cluster = await startBenchCluster(say, { istiod: false });
  const xdsload = (await bench.programs()).xdsload;
  say(`making ${SERVICES} Services`);
  const size = { services: SERVICES, endpoints: ENDPOINTS };
  await setUpServices({ program: xdsload, kubeconfig: cluster.kubeconfig, ...size, say, signal });
  const pods = await fleetPods(cluster, PROXIES, say);
  const options = { program: await bench.operator(), kubeconfig: cluster.kubeconfig };
  const caFile = join(bench.scratch, 'restart-ca.json');
  const first = await startDotKube({ ...options, caFile });
  await using fleet = startFleet();
  say(`connecting ${PROXIES} proxies, each of which calls ${CALLS} Services`);
  await fleet.connect(first.xdsPort, pods, CALLS);
  const before = await fleet.settled(QUIET_MS, MOST_MS);
  say(`restarting the control plane`);
  const endedAt = Date.now();
  await first.stop();
  await using second = await startDotKube({ ...options, caFile, xdsPort: first.xdsPort });
  const servesAt = Date.now();
  const after = await fleet.settled(QUIET_MS, MOST_MS);
  const { cpuMs } = await processUsage(second.pid);
  const inSyncAt = Math.max(after.lastAdmittedAt, after.lastResponseAt);
  const sent = after.bytes - before.bytes;
  const types = Object.entries(after.bytesByType)
    .map(([type, bytes]) => [type, bytes - (before.bytesByType[type] ?? 0)] as const)
    .filter(([, bytes]) => bytes > 0)
    .map(([type, bytes]) => `${type} ${Math.round(bytes / 1024)} KiB`);
  const figures = [
    { name: 'end of the old process until the new one serves', ours: seconds(servesAt - endedAt) },
    { name: 'end of the old process until all are in sync', ours: seconds(inSyncAt - endedAt) },
    { name: 'sent, all proxies together', ours: { value: sent / 1024, unit: 'KiB' as const } },
    { name: 'sent at their first start', ours: { value: before.bytes / 1024, unit: 'KiB' as const } },
    { name: 'CPU of the new process', ours: seconds(cpuMs) },
  ];
  const words = {
    before: `${SERVICES} Services, ${PROXIES} proxies, each a pod with a token of its own, which call ${CALLS} Services each; they come back with Envoy's backoff (500 ms up to 10 s) and say what they hold in initial_resource_versions.`,
    after: `Sent: ${types.length === 0 ? 'nothing' : types.join(', ')}.`,
  };
  return figuresResult('restart', 'Restart of the control plane', figures, { before, after }, words);
}

function seconds(milliseconds: number) {
  return { value: milliseconds / 1000, unit: 's' as const };
}
