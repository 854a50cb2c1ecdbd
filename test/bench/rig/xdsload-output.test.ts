import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeFigures, parseXdsload } from './xdsload-output.ts';

const OUTPUT = `initial_sync_s 7.60  msgs 800  resources/client 1010  KiB/client 955  cp_rss_MiB 120->433  cp_cpu_s 11.50
endpoint rounds 15 missed 0  first_client_ms p50 101.5  all_clients_ms p50 130.2 p90 140.0 max 150.0  cp_cpu_ms/change 34.0  KiB/change 81.0  cp_rss_MiB 433
churn 200 endpoints: writes took 300 ms, last client had the last after 700 ms, cp_cpu_ms 900
churn missed: 3 of 200 clients
httproutes rounds 15 missed 14  first_client_ms p50 1000.0  all_clients_ms p50 5900.0 p90 5900.0 max 5900.0  cp_cpu_ms/change 9842.0  KiB/change 52000.0  cp_rss_MiB 600
total cp_rss_MiB 610 cp_cpu_s 200.00
`;

test('the figures of a run are read', () => {
  const figures = parseXdsload(OUTPUT, 200);
  const { changes, churn, ...rest } = figures;
  assert.deepEqual(rest, {
    syncSeconds: 7.6,
    syncCpuSeconds: 11.5,
    resourcesPerClient: 1010,
    kibPerClient: 955,
    idleRssMiB: 120,
    syncedRssMiB: 433,
    rssMiB: 610,
  });
  assert.deepEqual(changes[0], {
    kind: 'endpoint',
    rounds: 15,
    missed: 0,
    firstClientMs: 101.5,
    allClientsMs: 130.2,
    allClientsMaxMs: 150,
    cpuMs: 34,
    kib: 81,
  });
  assert.deepEqual(churn, [
    { endpoints: 200, ms: 700, afterWritesMs: 400, cpuMs: 900 },
    { endpoints: 200, ms: undefined, afterWritesMs: undefined, cpuMs: undefined },
  ]);
});

test('a median of the rounds that came to an end says nothing when most did not', () => {
  const route = changeFigures(parseXdsload(OUTPUT), (kind) => kind === 'httproutes');
  assert.equal(route.allClientsMs, 6000);
  assert.equal(route.allClientsMaxMs, 6000);
});

test('rounds that never came have no times, which xdsload writes as -1', () => {
  const none = OUTPUT.replace('missed 14  first_client_ms p50 1000.0', 'missed 15  first_client_ms p50 -1.0');
  assert.equal(changeFigures(parseXdsload(none), (kind) => kind === 'httproutes').missed, 15);
});

test('a run that broke off is an error that shows what it said', () => {
  assert.throws(
    () => parseXdsload('initial_sync_s 7.60\nfatal: no such thing'),
    /did not come to its end:\n[^]*no such thing/,
  );
});

test('what was not measured cannot be asked for', () => {
  assert.throws(() => changeFigures(parseXdsload(OUTPUT), (kind) => kind === 'trafficsplits'), /did not measure/);
});
