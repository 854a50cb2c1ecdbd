import { readFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { ROOT } from '../../tools/images/root.ts';
import type { Say } from './say.ts';

/** Above this, times are of the machine's load as much as of what is measured. */
const QUIET_LOAD = 0.5;

/** Where and of what figures are. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly commit: string;
  /** Of the last minute, before anything was started. */
  readonly load: number;
  readonly at: string;
}

/** Looks at the machine, and tells of it. Times on a machine that others use mean little: warns. */
export async function describeMachine(say: Say): Promise<Machine> {
  const processors = cpus();
  const machine: Machine = {
    cores: processors.length,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: (await readFile('/proc/sys/kernel/osrelease', 'utf8')).trim(),
    node: process.version,
    commit: await commit(),
    load: loadavg()[0] ?? 0,
    at: new Date().toISOString().slice(0, 16).replace('T', ' '),
  };
  say(machineLine(machine));
  if (machine.load > QUIET_LOAD)
    say(
      `the load average is ${machine.load.toFixed(2)}, above ${QUIET_LOAD}: times are not to be believed, CPU and bytes are`,
    );
  return machine;
}

/** One line. Pure. */
export function machineLine({ cores, cpu, memoryGiB, kernel, node, commit: at, load }: Machine): string {
  return `${cores} × ${cpu}, ${memoryGiB} GiB, Linux ${kernel}, Node.js ${node}, commit ${at}, load average before ${load.toFixed(2)}`;
}

async function commit(): Promise<string> {
  const hash = await runCommand('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT });
  const changed = await runCommand('git', ['status', '--porcelain', '--', 'operator', 'proxy'], { cwd: ROOT });
  return hash.exitCode === 0
    ? `${hash.stdout.trim()}${changed.stdout.trim() === '' ? '' : ' with changes'}`
    : 'unknown';
}
