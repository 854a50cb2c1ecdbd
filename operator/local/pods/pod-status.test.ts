import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../framework/index.ts';
import type { ApplicationState } from './application.ts';
import { podStatusFor } from './pod-status.ts';

const ready: ApplicationState = { running: true, ready: true, restarts: 1, why: '' };
const starting: ApplicationState = { running: true, ready: false, restarts: 0, why: 'port 8080 is not open' };

function status(containers: Record<string, ApplicationState>, proxyWaitsFor?: string) {
  const status: Readonly<Record<string, unknown>> = podStatusFor({
    podIp: '127.8.4.1',
    containers: new Map(Object.entries(containers)),
    proxyWaitsFor,
    before: undefined,
    now: 0,
  });
  const conditions = status['conditions'] as readonly Condition[];
  return {
    phase: status['phase'],
    podIP: status['podIP'],
    containerStatuses: status['containerStatuses'],
    conditions: new Map(conditions.map((condition) => [condition.type, condition])),
    is: Object.fromEntries(conditions.map((condition) => [condition.type, condition.status])),
  };
}

test('a pod is ready when all of its containers are', () => {
  const { containerStatuses, is, phase, podIP } = status({ main: ready });
  assert.deepEqual(is, { PodScheduled: 'True', ContainersReady: 'True', Ready: 'True' });
  assert.deepEqual([phase, podIP], ['Running', '127.8.4.1']);
  assert.deepEqual(containerStatuses, [{ name: 'main', ready: true, restartCount: 1, started: true }]);
  assert.equal(status({ main: ready, other: starting }).is['Ready'], 'False');
  assert.equal(status({}).is['Ready'], 'False');
});

test('a pod is not ready while its proxy cannot take traffic, and says so', () => {
  const { is } = status({ main: ready }, 'the proxy has not opened port 8080');
  assert.deepEqual(is, { PodScheduled: 'True', ContainersReady: 'True', Ready: 'False' });
  assert.equal(
    status({ main: starting }, 'the proxy has not started').conditions.get('Ready')?.message,
    'main: port 8080 is not open; the proxy has not started',
  );
});

test('a pod none of whose containers run is pending', () => {
  assert.equal(status({ main: { ...starting, running: false } }).phase, 'Pending');
});
