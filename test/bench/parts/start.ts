import { connect as connectTcp } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AdsClient } from '@dot-kube/proxy/xds/testing';
import { typeUrls } from '@dot-kube/proxy/xds';
import type { ControlPlaneName, RunningControlPlane } from '../control-planes/control-plane.ts';
import { startDotKube } from '../control-planes/dot-kube.ts';
import { startIstiod } from '../control-planes/istiod.ts';
import { together } from '../report/figure.ts';
import { figuresResult } from '../report/section.ts';
import { type BenchCluster, CLIENT, startBenchCluster } from '../rig/bench-cluster.ts';
import type { Bench } from '../rig/bench.ts';
import type { PartResult } from '../rig/part.ts';
import { setUpServices } from '../rig/xdsload.ts';

const SERVICES = 1000;
const ENDPOINTS = 5;
const RUNS = 5;
const MOST_MS = 60_000;
const RETRY_MS = 10;

interface Started {
  readonly controlPlane: ControlPlaneName;
  readonly seconds: number;
}

/** How long it takes from the start of the process until a proxy has been told of every Service. */
export async function start(bench: Bench): Promise<PartResult> {
  const { say, signal } = bench;
  await using cluster = await startBenchCluster(say, { istiod: bench.istiod });
  const program = (await bench.programs()).xdsload;
  say(`making ${SERVICES} Services`);
  const size = { services: SERVICES, endpoints: ENDPOINTS };
  await setUpServices({ program, kubeconfig: cluster.kubeconfig, ...size, say, signal });
  const names: readonly ControlPlaneName[] = bench.istiod ? ['dot-kube', 'istiod'] : ['dot-kube'];
  const all: Started[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    for (const controlPlane of names) {
      const seconds = (await timeToFirstPush(bench, cluster, controlPlane)) / 1000;
      say(`${controlPlane}: ${seconds.toFixed(2)} s`);
      all.push({ controlPlane, seconds });
    }
  }
  const of = (name: ControlPlaneName) =>
    together(
      all.filter(({ controlPlane }) => controlPlane === name).map(({ seconds }) => seconds),
      's',
    );
  const figure = { name: 'process start to first correct push', ours: of('dot-kube'), istiod: of('istiod') };
  const before = `1,000 Services × ${ENDPOINTS} endpoints; until one proxy has something of every Service. Medians of ${RUNS} starts, alternating.`;
  return figuresResult('start', 'Cold start', [figure], all, { before });
}

async function timeToFirstPush(bench: Bench, cluster: BenchCluster, name: ControlPlaneName): Promise<number> {
  const { mesh, kubeconfig } = cluster;
  const token = await mesh.token(CLIENT);
  const [istiod, operator] = [(await bench.programs()).istiod, await bench.operator()];
  const from = performance.now();
  await using running: RunningControlPlane =
    name === 'istiod'
      ? await startIstiod(istiod, kubeconfig, 'started')
      : await startDotKube({ program: operator, kubeconfig, token, until: 'started' });
  const deadline = from + MOST_MS;
  for (;;) {
    if (performance.now() > deadline)
      throw new Error(
        `${name} has not served ${SERVICES} Services after ${MOST_MS} ms:\n${running.log().slice(-2000)}`,
      );
    if (!(await isListening(running.xdsPort))) await delay(RETRY_MS);
    else if (await hasEverything(name, running.xdsPort, token)) return performance.now() - from;
  }
}

async function isListening(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connectTcp(port, '127.0.0.1', () => resolve(true));
  socket.on('error', () => resolve(false));
  const answer = await promise;
  socket.destroy();
  return answer;
}

/** Whether a proxy that connects now is told of every Service: by clusters of istiod, by scopes of ours. */
async function hasEverything(name: ControlPlaneName, port: number, token: string): Promise<boolean> {
  const nodeId = name === 'istiod' ? 'sidecar~10.250.0.1~client.bench~bench.svc.cluster.local' : 'bench/client';
  await using client = new AdsClient({ port, token, nodeId });
  client.subscribe(typeUrls.cluster);
  client.subscribe(typeUrls.listener);
  if (name === 'dot-kube') client.subscribe(typeUrls.scopedRoute);
  const type = name === 'istiod' ? typeUrls.cluster : typeUrls.scopedRoute;
  const isThere = () => client.resources(type).size >= SERVICES && client.resources(typeUrls.listener).size > 0;
  await client.until(() => isThere() || client.ended !== undefined, MOST_MS);
  return isThere();
}
