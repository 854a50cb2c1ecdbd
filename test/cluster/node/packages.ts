import { access } from 'node:fs/promises';
import { type CommandResult, runCommand } from '../../../operator/local/tools/command.ts';
import { findOnPath } from '../../../operator/local/tools/executable.ts';
import type { Progress } from '../../../operator/local/tools/progress.ts';
import { ToolUnavailableError } from '../../../operator/local/tools/tool-error.ts';

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a node runs that is not built from Kubernetes' source, and the Debian package that has it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  containerd: 'containerd',
  ctr: 'containerd',
  'containerd-shim-runc-v2': 'containerd',
  runc: 'runc',
  iptables: 'iptables',
  nft: 'nftables',
  conntrack: 'conntrack',
  ebtables: 'ebtables',
  ethtool: 'ethtool',
  socat: 'socat',
  cc: 'gcc',
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  pivot_root: 'util-linux',
  tar: 'tar',
};
const FILES: Readonly<Record<string, string>> = {
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  '/usr/include/stdlib.h': 'libc6-dev',
  // busybox-static looks no names up.
  '/usr/share/doc/busybox/copyright': 'busybox',
};

/**
 * Installs the Debian packages that nodes need and this machine lacks. Throws ToolUnavailableError where nodes are impossible: not Linux,
 * not root, or no apt-get that has them.
 */
export async function installPackages(progress: Progress): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new ToolUnavailableError(
      'A cluster with nodes needs Linux and root. Run it as root, or set KUBECONFIG to a cluster of yours, with its images in DOT_KUBE_REGISTRY.',
    );
  }
  const missing = await missingPackages();
  if (missing.length === 0) return;
  const task = `Debian packages ${missing.join(' ')}`;
  const onLine = (line: string) => progress({ task, state: 'running', detail: line });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = async (args: readonly string[]): Promise<CommandResult | undefined> =>
    runCommand('apt-get', args, { env, onLine }).catch(() => undefined);
  progress({ task, state: 'running', detail: 'apt-get update' });
  await install(['update', '-q']);
  const result = await install(['install', '-y', '-q', '--no-install-recommends', ...missing]);
  const left = await missingPackages();
  if (left.length === 0) return progress({ task, state: 'done', detail: 'installed' });
  progress({ task, state: 'failed', detail: result === undefined ? 'there is no apt-get' : 'apt-get failed' });
  throw new ToolUnavailableError(
    `Nodes need ${left.join(', ')} (Debian's names), which cannot be installed here${result === undefined ? '' : `:\n${result.tail}`}\n` +
      'Install them yourself, or set KUBECONFIG to a cluster of yours.',
  );
}

async function missingPackages(): Promise<readonly string[]> {
  const missing = new Set<string>();
  for (const [program, name] of Object.entries(PROGRAMS)) {
    if ((await findOnPath(program, { PATH: SYSTEM_PATH })) === undefined) missing.add(name);
  }
  for (const [file, name] of Object.entries(FILES)) {
    await access(file).catch(() => missing.add(name));
  }
  return [...missing].toSorted();
}
