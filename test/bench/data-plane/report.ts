import { ratio, type Spread, spread } from './statistics.ts';
import type { Window } from './window.ts';

/** What one proxy takes when all has been measured. */
export interface Memory {
  /** Bytes that Envoy has allocated. */
  readonly heap: number;
  /** Bytes of the process in memory, its program included. */
  readonly resident: number;
}

/** The two pairs at one rate. Ratios are mesh to bare. */
export interface RateReport {
  readonly rate: number;
  readonly requests: number;
  readonly failed: number;
  /** Microseconds per request. */
  readonly bareCpu: Spread;
  readonly meshCpu: Spread;
  readonly cpu: Spread;
  readonly callerCpu: Spread;
  readonly echoCpu: Spread;
  /** Milliseconds. */
  readonly bareLatency: { readonly p50: number; readonly p99: number };
  readonly addedLatency: { readonly p50: Spread; readonly p99: Spread };
  /** The largest share of a core that the application used. */
  readonly application: number;
}

/** How the windows of one rate compare. They alternate: bare, mesh, bare, mesh … Throws when there are none of either. */
export function rateReport(rate: number, windows: readonly Window[]): RateReport {
  const of = (pair: string): readonly Window[] => windows.filter((window) => window.pair === pair);
  const [bare, mesh] = [of('bare'), of('mesh')];
  const added = (share: 'p50' | 'p99'): Spread =>
    spread(mesh.map(({ latency }, index) => latency[share] - (bare[index]?.latency[share] ?? Number.NaN)));
  const both = (all: readonly Window[], of_: keyof Window['cpu'] = 'both') => all.map(({ cpu }) => cpu[of_]);
  return {
    rate,
    requests: windows.reduce((sum, { requests }) => sum + requests, 0),
    failed: windows.reduce((sum, { failed }) => sum + failed, 0),
    bareCpu: spread(both(bare)),
    meshCpu: spread(both(mesh)),
    cpu: ratio(both(mesh), both(bare)),
    callerCpu: ratio(both(mesh, 'caller'), both(bare, 'caller')),
    echoCpu: ratio(both(mesh, 'echo'), both(bare, 'echo')),
    bareLatency: {
      p50: spread(bare.map(({ latency }) => latency.p50)).median,
      p99: spread(bare.map(({ latency }) => latency.p99)).median,
    },
    addedLatency: { p50: added('p50'), p99: added('p99') },
    application: Math.max(...windows.map(({ application }) => application)),
  };
}
