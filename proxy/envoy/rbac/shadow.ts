/** Prefixes of the names under which RBAC filters leave in dynamic metadata what they would have decided. */
export const DRY_RUN_PREFIX = 'dry_run_';
export const ALLOWED_PREFIX = 'allowed_';
export const AUDIT_PREFIX = 'audit_';

/** The policy that matched, as an access log's operator; empty when none did. */
export function shadowPolicy(filter: 'http' | 'network', prefix: string): string {
  return `%DYNAMIC_METADATA(envoy.filters.${filter}.rbac:${prefix}shadow_effective_policy_id)%`;
}
