import { readFile } from 'node:fs/promises';

/** The lowest port that this process may bind: 0 for root, else what Linux says (ip(7), `ip_unprivileged_port_start`), or 1024. */
export async function firstPort(): Promise<number> {
  if (process.getuid?.() === 0) return 0;
  try {
    return Number(await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024;
  }
}
