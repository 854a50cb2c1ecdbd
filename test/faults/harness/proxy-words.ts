import type { MeshPod } from '../../integration/harness/index.ts';

/** What the access logs of proxies say about requests and connections that went wrong, the most frequent first. */
export function wordsOf(pods: readonly MeshPod[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name, proxy } of pods) {
    for (const {
      direction,
      subject,
      cluster,
      flags,
      details,
      status,
      tlsFailure,
      upstreamFailure,
    } of proxy.logLines()) {
      if (flags === undefined || flags === '-') continue;
      const words = [name, direction, subject, cluster, status, flags, details, tlsFailure, upstreamFailure];
      const line = words.filter((word) => typeof word === 'string' || typeof word === 'number').join(' ');
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 12)
    .map(([line, count]) => `${count} × ${line}`);
}
