import type { DataPlaneReport } from './data-plane.ts';
import type { Memory, RateReport } from './report.ts';
import type { Spread } from './statistics.ts';

/** How many times the CPU of the bare pair the pair of the mesh may use. */
export const CPU_LIMIT = 1.2;

/** The report as Markdown: CPU, latency, memory, and whether the limit holds. */
export function tableOf(report: DataPlaneReport): string {
  const { rates, withPolicy, memory } = report;
  return [
    '| requests/s | CPU bare, µs per request | CPU mesh | times (range) | caller | called | p50 bare → added, ms | p99 bare → added, ms | failed |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rates.map((rate) => rateRow(String(rate.rate), rate)),
    rateRow(`${withPolicy.rate}, AuthorizationPolicy`, withPolicy),
    '',
    '| memory | bare caller | mesh caller | bare called | mesh called |',
    '|---|---|---|---|---|',
    memoryRow('heap', ({ heap }) => heap, memory),
    memoryRow('resident', ({ resident }) => resident, memory),
    '',
    `The application used at most ${percent(Math.max(...rates.map(({ application }) => application)))} of a core.`,
    verdictOf(report),
    '',
  ].join('\n');
}

/** The rates at which the mesh costs more than {@link CPU_LIMIT} allows, and those at which requests failed. */
export function missed({ rates }: Pick<DataPlaneReport, 'rates'>): readonly RateReport[] {
  return rates.filter(({ cpu, failed }) => !(cpu.median <= CPU_LIMIT) || failed > 0);
}

function verdictOf(report: DataPlaneReport): string {
  const over = missed(report);
  if (over.length === 0) return `At all rates at most ${CPU_LIMIT} times the CPU, and nothing failed.`;
  const each = over.map(({ rate, cpu, failed }) => `${rate} requests/s: ${times(cpu.median)}, ${failed} failed`);
  return `NOT at most ${CPU_LIMIT} times the CPU with nothing failed: ${each.join('; ')}.`;
}

function rateRow(name: string, report: RateReport): string {
  const { bareCpu, meshCpu, cpu, callerCpu, echoCpu, bareLatency, addedLatency, failed, requests } = report;
  const cells = [
    name,
    bareCpu.median.toFixed(0),
    meshCpu.median.toFixed(0),
    `**${times(cpu.median)}** (${times(cpu.lowest)} – ${times(cpu.highest)})`,
    times(callerCpu.median),
    times(echoCpu.median),
    `${bareLatency.p50.toFixed(2)} → ${added(addedLatency.p50)}`,
    `${bareLatency.p99.toFixed(2)} → ${added(addedLatency.p99)}`,
    `${failed} of ${requests}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function memoryRow(name: string, of: (memory: Memory) => number, { bare, mesh }: DataPlaneReport['memory']): string {
  const each = [bare.caller, mesh.caller, bare.echo, mesh.echo].map((memory) => `${(of(memory) / 1e6).toFixed(1)} MB`);
  return `| ${[name, ...each].join(' | ')} |`;
}

function times(value: number): string {
  return value.toFixed(2);
}

function added({ median, lowest, highest }: Spread): string {
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
  return `${signed(median)} (${signed(lowest)} – ${signed(highest)})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
