import { setTimeout as delay } from 'node:timers/promises';
import { cpuOf, type CpuSample } from './cpu-clock.ts';
import { startLoad } from './load.ts';
import { inPod, type Pair } from './pair.ts';
import { sentBetween } from './sent.ts';
import { quantile } from './statistics.ts';

/** How a pair is looked at once. */
export interface WindowOptions {
  readonly rate: number;
  /** What is looked at. */
  readonly seconds: number;
  /** What goes before: connections are opened, and what is compiled or asked for at first is. */
  readonly warmUpSeconds: number;
  readonly connections: number;
  readonly scratch: string;
}

/** What a pair did in one span of time. */
export interface Window {
  readonly pair: string;
  readonly rate: number;
  readonly requests: number;
  /** No answer, or another than 200. */
  readonly failed: number;
  /** CPU time per request, microseconds. */
  readonly cpu: { readonly caller: number; readonly echo: number; readonly both: number };
  /** Milliseconds. */
  readonly latency: { readonly p50: number; readonly p99: number };
  /** Share of one core that the application used: it is not to be what is measured. */
  readonly application: number;
}

/** Puts a load on a pair and measures the middle of it. */
export async function measure(pair: Pair, options: WindowOptions): Promise<Window> {
  const { rate, seconds, warmUpSeconds, connections, scratch } = options;
  const load = await startLoad({ inside: inPod(pair.callerPod), url: pair.url, rate, connections, scratch });
  const pids = [pair.caller.pid, pair.echo.pid, pair.application.pid];
  await delay(warmUpSeconds * 1000);
  const before = await cpuOf(pids);
  await delay(seconds * 1000);
  const after = await cpuOf(pids);
  const sent = sentBetween(await load.stop(), before.at, after.at);
  if (sent.length === 0) throw new Error(`no request was sent in ${seconds} s: the load generator did not get to it`);
  const used = (pid: number): number => usedBetween(before, after, pid);
  const perRequest = (nanoseconds: number): number => nanoseconds / 1000 / sent.length;
  const [caller, echo] = [used(pair.caller.pid), used(pair.echo.pid)];
  const latencies = sent.map(({ latency }) => latency / 1e6);
  return {
    pair: pair.name,
    rate,
    requests: sent.length,
    failed: sent.filter(({ status }) => status !== 200).length,
    cpu: { caller: perRequest(caller), echo: perRequest(echo), both: perRequest(caller + echo) },
    latency: { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) },
    application: used(pair.application.pid) / (after.at - before.at),
  };
}

function usedBetween(before: CpuSample, after: CpuSample, pid: number): number {
  return (after.used.get(pid) ?? Number.NaN) - (before.used.get(pid) ?? Number.NaN);
}
