import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder that keeps downloaded and built tools between runs: `DOT_KUBE_CACHE`, else `dot-kube` in
 * `XDG_CACHE_HOME`, else `~/.cache/dot-kube`. It may not exist yet.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['DOT_KUBE_CACHE'];
  if (own !== undefined && own !== '') return own;
  const shared = environment['XDG_CACHE_HOME'];
  const base = shared !== undefined && shared !== '' ? shared : join(homedir(), '.cache');
  return join(base, 'dot-kube');
}
