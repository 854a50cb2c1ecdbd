import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataPlaneReport } from './data-plane.ts';
import { rateReport } from './report.ts';
import { missed, tableOf } from './table.ts';
import type { Window } from './window.ts';

function window(pair: 'bare' | 'mesh', caller: number, echo: number, more: Partial<Window> = {}): Window {
  return {
    pair,
    rate: 1000,
    requests: 5000,
    failed: 0,
    cpu: { caller, echo, both: caller + echo },
    latency: { p50: 1, p99: 4 },
    application: 0.1,
    ...more,
  };
}

function reportOf(...windows: readonly Window[]): DataPlaneReport {
  const rates = [rateReport(1000, windows)];
  const memory = { heap: 7_000_000, resident: 70_000_000 };
  const each = { caller: memory, echo: memory };
  return { rates, withPolicy: rateReport(1000, windows), memory: { bare: each, mesh: each }, windows };
}

test('windows of one rate are compared by pair and by side', () => {
  const report = rateReport(1000, [
    window('bare', 50, 50),
    window('mesh', 55, 65, { latency: { p50: 1.5, p99: 6 } }),
    window('bare', 60, 40, { failed: 1 }),
    window('mesh', 55, 55, { latency: { p50: 0.5, p99: 5 }, application: 0.3 }),
  ]);
  assert.equal(report.cpu.median, 1.15);
  assert.equal(report.cpu.highest, 1.2);
  assert.equal(report.callerCpu.median, 1);
  assert.equal(report.echoCpu.median, 60 / 45);
  assert.deepEqual(report.addedLatency.p50, { median: 0, lowest: -0.5, highest: 0.5 });
  assert.equal(report.addedLatency.p99.median, 1.5);
  assert.deepEqual([report.requests, report.failed, report.application], [20_000, 1, 0.3]);
});

test('the table says the ratio with its range, what was added to the latency, and that the limit holds', () => {
  const text = tableOf(reportOf(window('bare', 50, 50), window('mesh', 55, 60, { latency: { p50: 0.75, p99: 5 } })));
  assert.match(text, /^\| 1000 \| 100 \| 115 \| \*\*1\.15\*\* \(1\.15 – 1\.15\) \| 1\.10 \| 1\.20 \| /m);
  assert.match(text, / 1\.00 → −0\.25 \(−0\.25 – −0\.25\) \| 4\.00 → \+1\.00 .* \| 0 of 10000 \|$/m);
  assert.match(text, /^\| heap \| 7\.0 MB /m);
  assert.match(text, /^At all rates at most 1\.2 times the CPU/m);
});

test('too much CPU, a failed request, and nothing measured are missed', () => {
  const [bare, mesh] = [window('bare', 50, 50), window('mesh', 60, 60)];
  assert.deepEqual(missed(reportOf(bare, mesh)), []);
  const dear = reportOf(bare, window('mesh', 60, 62));
  assert.equal(missed(dear).length, 1);
  assert.match(
    tableOf(dear),
    /^NOT at most 1\.2 times the CPU with nothing failed: 1000 requests\/s: 1\.22, 0 failed/m,
  );
  assert.equal(missed(reportOf(bare, { ...mesh, failed: 1 })).length, 1);
  assert.equal(missed(reportOf(bare, window('mesh', Number.NaN, 50))).length, 1);
});
