/**
 * Whether `a` is older than (-1), the same as (0) or newer than (1) `b`; `undefined` when they cannot be compared.
 *
 * Since Kubernetes 1.35 resource versions are promised to be comparable as integers of any length; they always were in
 * practice for everything that etcd stores.
 */
export function compareResourceVersions(a: string, b: string): -1 | 0 | 1 | undefined {
  if (a === b) return 0;
  if (!/^[1-9]\d*$/.test(a) || !/^[1-9]\d*$/.test(b)) return undefined;
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  return a < b ? -1 : 1;
}
