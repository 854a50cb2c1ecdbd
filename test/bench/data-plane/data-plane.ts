import { readFile, rm } from 'node:fs/promises';
import { MeshCluster, PodNetwork, startOperator } from '../../integration/harness/index.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { startBarePair } from './bare-pair.ts';
import { ECHO_POLICY } from './echo-service.ts';
import { startMeshPair } from './mesh-pair.ts';
import type { Pair, PairProxy } from './pair.ts';
import { type Memory, rateReport, type RateReport } from './report.ts';
import { measure, type Window } from './window.ts';

/** How much to measure. */
export interface DataPlaneOptions {
  /** Requests per second. */
  readonly rates: readonly number[];
  /** How often each pair is measured at each rate. */
  readonly alternations: number;
  /** Of one measurement. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Connections that the load generator keeps open. */
  readonly connections: number;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
}

export const DATA_PLANE_DEFAULTS: Omit<DataPlaneOptions, 'say'> = {
  rates: [500, 1000, 2000],
  alternations: 4,
  seconds: 5,
  warmUpSeconds: 1,
  connections: 16,
};

/** What was measured. */
export interface DataPlaneReport {
  readonly rates: readonly RateReport[];
  /** At the middle rate, with an AuthorizationPolicy on what is called. */
  readonly withPolicy: RateReport;
  readonly memory: Readonly<Record<'bare' | 'mesh', Readonly<Record<'caller' | 'echo', Memory>>>>;
  readonly windows: readonly Window[];
}

/**
 * Measures what the proxies of the mesh cost beside the same Envoys that do nothing but route and mTLS, in turn on the same machine. Needs
 * root on Linux.
 */
export async function runDataPlane(options: DataPlaneOptions): Promise<DataPlaneReport> {
  const { rates, say } = options;
  await using scope = new AsyncDisposableStack();
  const scratch = await scratchDirectory('data-plane');
  scope.defer(() => rm(scratch, { recursive: true, force: true }));
  say('a control plane, an operator, and two pairs of pods are started');
  const cluster = await MeshCluster.start();
  scope.defer(() => cluster.stop());
  const network = scope.use(await PodNetwork.create());
  const operator = scope.use(await startOperator({ kubeconfig: cluster.kubeconfig }));
  const bare = scope.use(await startBarePair(network));
  const mesh = scope.use(await startMeshPair(cluster, network, operator));
  const windows: Window[] = [];
  const reports: RateReport[] = [];
  const compare = async (rate: number): Promise<RateReport> => {
    const compared: Window[] = [];
    for (let turn = 0; turn < options.alternations; turn += 1) {
      for (const pair of [bare, mesh]) compared.push(await measure(pair, { ...options, rate, scratch }));
      say(`${rate} requests/s, ${turn + 1} of ${options.alternations}: ${turnLine(compared.slice(-2))}`);
    }
    windows.push(...compared);
    return rateReport(rate, compared);
  };
  for (const rate of rates) reports.push(await compare(rate));
  const memory = { bare: await memoryOf(bare), mesh: await memoryOf(mesh) };
  await cluster.apply(ECHO_POLICY);
  await cluster.until(ECHO_POLICY, 'Programmed', 'True');
  say('with an AuthorizationPolicy');
  const withPolicy = await compare(rates[Math.floor(rates.length / 2)] ?? 1000);
  return { rates: reports, withPolicy, memory, windows };
}

function turnLine([bare, mesh]: readonly Window[]): string {
  const [before, after] = [bare?.cpu.both ?? Number.NaN, mesh?.cpu.both ?? Number.NaN];
  return `${before.toFixed(0)} and ${after.toFixed(0)} µs of CPU per request, ${(after / before).toFixed(2)} times`;
}

async function memoryOf(pair: Pair) {
  return { caller: await proxyMemory(pair.caller), echo: await proxyMemory(pair.echo) };
}

async function proxyMemory(proxy: PairProxy): Promise<Memory> {
  const { allocated } = JSON.parse(await proxy.admin('/memory')) as { readonly allocated: string };
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${proxy.pid}/status`, 'utf8'))?.[1];
  return { heap: Number(allocated), resident: Number(resident) * 1024 };
}
