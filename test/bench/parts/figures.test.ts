import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMet } from '../report/figure.ts';
import type { ChangeFigures } from '../rig/xdsload-output.ts';
import type { Turn } from './control-plane.ts';
import { controlPlaneFigures } from './control-plane-figures.ts';
import { growthFigures } from './growth.ts';
import { figuresOf } from './memory.ts';
import { phaseThatEnds, profileTable } from './profile.ts';
import { equalWork } from './side-by-side.ts';

const change = (kind: string, allClientsMs: number, cpuMs: number, kib: number): ChangeFigures => ({
  kind,
  rounds: 15,
  missed: 0,
  firstClientMs: 1,
  allClientsMs,
  allClientsMaxMs: allClientsMs,
  cpuMs,
  kib,
});

const run = (changes: readonly ChangeFigures[], rssMiB = 100): Turn['figures'] => ({
  syncSeconds: 2,
  syncCpuSeconds: 4,
  resourcesPerClient: 2009,
  kibPerClient: 437,
  idleRssMiB: 50,
  syncedRssMiB: 90,
  rssMiB,
  peakMiB: 150,
  changes,
  churn: [],
});

const ours = run([change('endpoint', 20, 15, 27), change('trafficsplits', 50, 20, 100)]);
const istiod = run([change('endpoint', 130, 34, 82), change('httproutes', 6000, 1000, 52_000)], 433);

const turns: readonly Turn[] = [
  { controlPlane: 'dot-kube', lazy: false, figures: ours },
  { controlPlane: 'istiod', lazy: false, figures: istiod },
];

test('each goal is judged by the figure that it is about', () => {
  const figures = controlPlaneFigures(turns);
  const met = (name: string) => isMet(figures.find((figure) => figure.name === name) ?? { name, ours: undefined });
  assert.equal(met('one endpoint, to all clients'), true);
  assert.equal(met('one endpoint, CPU'), true);
  assert.equal(met('one route edit, to all clients'), true);
  assert.equal(met('one route edit, CPU'), true);
  assert.equal(met('one route edit, sent to all'), true);
  assert.equal(met('memory at the end'), true);
  assert.equal(met('initial sync, CPU'), false);
});

test('edits that istiod did not bring to all in time are told as at least so much', () => {
  const figures = controlPlaneFigures(turns);
  const route = figures.find(({ name }) => name === 'one route edit, to all clients');
  assert.equal(route?.istiod?.orMore, true);
  assert.equal(route?.ours?.orMore, undefined);
});

test('what a client gets of both is told beside each other', () => {
  assert.match(equalWork(turns) ?? '', /dot-kube 2,009 resources and 437 KiB, of istiod 2,009/);
  assert.equal(equalWork(turns.slice(0, 1)), undefined);
});

test('the exponents are of the cost of each change', () => {
  const at = (services: number, cost: number) => ({
    services,
    controlPlane: 'dot-kube' as const,
    figures: run([change('endpoint', 10, cost, 3), change('trafficsplits', 10, 5, 3)]),
  });
  const figures = growthFigures([at(125, 1), at(500, 2), at(2000, 4)]);
  const exponent = (name: string) => figures.find((figure) => figure.name === `${name}, exponent`);
  assert.equal(exponent('one endpoint, CPU')?.ours?.value.toFixed(3), '0.500');
  assert.equal(exponent('one route edit, CPU')?.ours?.value.toFixed(3), '0.000');
  assert.equal(isMet(exponent('one endpoint, CPU') ?? { name: '', ours: undefined }), false);
  assert.equal(exponent('one endpoint, CPU')?.istiod, undefined);
});

test('one more proxy costs the slope, in KB of 1,000 bytes', () => {
  const figures = figuresOf('that call', [
    { proxies: 100, rssKiB: 50_000 },
    { proxies: 300, rssKiB: 70_000 },
  ]);
  assert.equal(figures.at(-1)?.ours?.value.toFixed(1), '102.4');
  assert.equal(isMet(figures.at(-1) ?? { name: '', ours: undefined }), false);
});

test('phases end with the lines of xdsload', () => {
  assert.equal(phaseThatEnds('  initial_sync_s 2'), 'initial sync');
  assert.equal(phaseThatEnds('endpoint rounds 3'), 'endpoint churn');
  assert.equal(phaseThatEnds('churn 200 endpoints'), 'endpoint churn');
  assert.equal(phaseThatEnds('trafficsplits rounds 3'), 'route edits');
  assert.equal(phaseThatEnds('total cp_rss_MiB 3'), undefined);
});

test('the table of a profile names three functions of each phase with their share', () => {
  const functions = ['a', 'b', 'c', 'd'].map((name, index) => ({
    name,
    place: index === 0 ? 'proxy/xds/session.ts:5' : '',
    selfMs: 40 - 10 * index,
    totalMs: 50,
  }));
  const table = profileTable([{ phase: 'initial sync', busyMs: 100, functions }]);
  assert.deepEqual(table.split('\n').slice(2), [
    '| initial sync, 0.100 s | `a` proxy/xds/session.ts:5 | 40.0 % |',
    '|  | `b` | 30.0 % |',
    '|  | `c` | 20.0 % |',
  ]);
});
