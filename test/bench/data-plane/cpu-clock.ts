import { runCommand } from '../../../operator/local/tools/command.ts';

/** How much CPU processes have used, at one moment. */
export interface CpuSample {
  /** Nanoseconds since 1970. */
  readonly at: number;
  /** By process id, nanoseconds of all its threads. */
  readonly used: ReadonlyMap<number, number>;
}

/** The kernel's own count, to the nanosecond: /proc has it in steps of 10 ms. Python, as Node.js cannot ask for another process's. */
const ASK = `
import json, sys, time
pids = [int(word) for word in sys.argv[1:]]
print(json.dumps({"at": time.time_ns(), "used": [time.clock_gettime_ns(~pid << 3 | 2) for pid in pids]}))
`;

/** Throws when one of the processes has ended. */
export async function cpuOf(pids: readonly number[]): Promise<CpuSample> {
  const { exitCode, stdout, tail } = await runCommand('python3', ['-c', ASK, ...pids.map(String)]);
  if (exitCode !== 0) throw new Error(`the CPU time of processes ${pids.join(', ')} cannot be read: ${tail}`);
  const { at, used } = JSON.parse(stdout) as { readonly at: number; readonly used: readonly number[] };
  return { at, used: new Map(pids.map((pid, index) => [pid, used[index] ?? 0])) };
}
