import { readFileSync } from 'node:fs';

/** Whether a process with this id runs, whoever owns it. One that has ended and whose parent has not asked how does not (Linux). */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !isZombie(pid);
}

function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    // `pid (name) state …`: the name may hold parentheses.
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    // It ended between the two looks, or /proc hides the processes of others.
    return false;
  }
}
