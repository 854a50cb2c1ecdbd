import { rm } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { processesOf, removeCgroup } from './cgroups.ts';
import { readState, type StateEntry } from './cluster-state.ts';
import { end, recordOf, runs } from './process-record.ts';

const TIMEOUT_MS = 60_000;

/**
 * Ends what the state in this folder records, whoever started it, and removes the folder. Returns whether there was anything. Throws when
 * something does not go; it can then be called again.
 */
export async function tearDown(directory: string): Promise<boolean> {
  const entries = await readState(directory);
  if (entries === undefined) return false;
  const cgroups = entries.flatMap((entry) => (entry.kind === 'cgroups' ? entry.cgroups : []));
  await endProcesses(entries, cgroups);
  for (const cgroup of cgroups) await retry(() => removeCgroup(cgroup));
  for (const entry of entries) if (entry.kind === 'link') await removeLink(entry.link);
  // Mounts were in the nodes' own namespaces and went with their processes.
  await retry(() => rm(directory, { recursive: true, force: true }));
  return true;
}

/** Ends what is recorded, then what is in the cgroups: process 1 of a node takes the others of its node with it. */
async function endProcesses(entries: readonly StateEntry[], cgroups: readonly string[]): Promise<void> {
  const recorded = entries.flatMap((entry) => (entry.kind === 'process' ? [entry.process] : []));
  const deadline = performance.now() + TIMEOUT_MS;
  for (const process of recorded) end(process);
  for (;;) {
    const inside = (await Promise.all(cgroups.map(processesOf))).flat();
    const left = [...recorded.filter(runs), ...inside.flatMap((pid) => recordOf(pid) ?? [])];
    if (left.length === 0) return;
    if (performance.now() > deadline) {
      throw new Error(`processes ${left.map(({ pid }) => pid).join(', ')} do not end`);
    }
    for (const process of left) end(process);
    await delay(50);
  }
}

async function removeLink(link: string): Promise<void> {
  await retry(async () => {
    // It goes with the network of the control plane, which the kernel tidies up a little later.
    if (networkInterfaces()[link] !== undefined) await runCommand('ip', ['link', 'del', link]);
    if (networkInterfaces()[link] !== undefined) throw new Error(`the network interface ${link} does not go`);
  });
}

async function retry(action: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}
