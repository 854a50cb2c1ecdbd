import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FleetCommand, FleetProxy, FleetReport } from './fleet-messages.ts';

/** Model Envoys in a process of their own. */
export interface Fleet extends AsyncDisposable {
  /** Adds proxies that connect to a port of 127.0.0.1, and stay. `calls`: how many Services each calls. */
  connect(port: number, proxies: readonly FleetProxy[], calls: number): Promise<void>;
  report(): Promise<FleetReport>;
  /** Waits until all are connected and nothing was said for so long, milliseconds. Throws after `mostMs`. */
  settled(quietMs: number, mostMs: number): Promise<FleetReport>;
}

/** Starts the process; it ends with this one, or when it is disposed of. */
export function startFleet(): Fleet {
  const child = fork(join(import.meta.dirname, 'main.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ask = async (command: FleetCommand): Promise<FleetReport> => {
    const answer = once(child, 'message');
    child.send(command);
    const [report] = (await answer) as [FleetReport];
    return report;
  };
  const report = async () => ask({ kind: 'report' });
  return {
    connect: async (port, proxies, calls) => void (await ask({ kind: 'connect', port, proxies, calls })),
    report,
    settled: async (quietMs, mostMs) => {
      const deadline = Date.now() + mostMs;
      for (;;) {
        const now = await report();
        const last = Math.max(now.lastAdmittedAt, now.lastResponseAt);
        if (now.open === now.proxies && last > 0 && Date.now() - last >= quietMs) return now;
        if (Date.now() > deadline)
          throw new Error(`the fleet is not in sync after ${mostMs} ms: ${JSON.stringify(now)}`);
        await delay(100);
      }
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
