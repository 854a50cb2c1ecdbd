import { spawnSync } from 'node:child_process';

/** Why pods with networks of their own cannot be made here, as `skip` of a test takes it; false where they can. */
export const NO_PODS: string | false = reason();

function reason(): string | false {
  if (process.platform !== 'linux') return 'network namespaces are needed, which only Linux has';
  const { status, stderr, error } = spawnSync('unshare', ['--net', 'true'], { encoding: 'utf8' });
  if (status === 0) return false;
  return `network namespaces cannot be made, which needs root: ${error?.message ?? stderr.trim()}`;
}
