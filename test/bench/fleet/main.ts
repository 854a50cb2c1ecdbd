import { EnvoyModel } from './envoy-model.ts';
import type { FleetCommand, FleetReport } from './fleet-messages.ts';
import { Needs } from './needs.ts';

/** Between two connections that are opened; all at once would be a test of the kernel. */
const STAGGER_MS = 2;

const needs = new Needs();
const models: EnvoyModel[] = [];
const bytesByType: Record<string, number> = {};
let [open, losses, responses, resources, bytes, lastAdmittedAt, lastResponseAt] = [0, 0, 0, 0, 0, 0, 0];

function report(): FleetReport {
  const counts = { proxies: models.length, open, losses, responses, resources, bytes };
  return { ...counts, bytesByType, lastAdmittedAt, lastResponseAt };
}

function add(port: number, nodeId: string, token: string, calls: number): EnvoyModel {
  let isOpen = false;
  const model = new EnvoyModel({
    port,
    nodeId,
    token,
    calls,
    offset: models.length,
    needs,
    random: Math.random,
    heard: (size, message) => {
      responses += 1;
      resources += message.resources.length;
      bytes += size;
      const type = message.typeUrl.split('.').at(-1) ?? '';
      bytesByType[type] = (bytesByType[type] ?? 0) + size;
      lastResponseAt = Date.now();
    },
    admitted: () => {
      isOpen = true;
      open += 1;
      lastAdmittedAt = Date.now();
    },
    lost: () => {
      if (!isOpen) return;
      isOpen = false;
      open -= 1;
      losses += 1;
    },
  });
  models.push(model);
  return model;
}

process.on('message', (command: FleetCommand) => {
  if (command.kind === 'connect') {
    const { port, proxies, calls } = command;
    for (const [index, { nodeId, token }] of proxies.entries()) {
      const model = add(port, nodeId, token, calls);
      setTimeout(() => model.open(), index * STAGGER_MS);
    }
  }
  process.send?.(report());
});
process.on('disconnect', () => process.exit());
