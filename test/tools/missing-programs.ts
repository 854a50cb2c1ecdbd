import { findOnPath } from '../../operator/local/tools/executable.ts';

/** Why a test that makes network namespaces and rules cannot run here, as `skip` of node:test has it; false when it can. */
export async function missingForNamespaces(programs: readonly string[]): Promise<string | false> {
  if (process.getuid?.() !== 0) return 'needs root on Linux';
  for (const program of programs) {
    if ((await findOnPath(program, process.env)) === undefined) {
      return `${program} is not installed (apt-get install iptables nftables iproute2)`;
    }
  }
  return false;
}
