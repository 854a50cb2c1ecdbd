import type { AuthorizationPolicy } from '../../model/index.ts';
import { filter } from '../extension.ts';
import type { Init } from '../init.ts';
import { type FilterSchema, NetworkRbacSchema } from '../proto/index.ts';
import { decisions } from './policies.ts';
import { ALLOWED_PREFIX, AUDIT_PREFIX, DRY_RUN_PREFIX } from './shadow.ts';

const NAME = 'envoy.filters.network.rbac';
const STAT_PREFIX = 'dot_kube.';

/** The filters in front of opaque bytes; none when no policy concerns them. */
export function networkRbacFilters(policies: readonly AuthorizationPolicy[]): readonly Init<typeof FilterSchema>[] {
  const { enforced, dryRun, allowed, audit } = decisions(policies, 'tcp');
  const decides = { ...(enforced ? { rules: enforced } : {}), ...shadow(DRY_RUN_PREFIX, dryRun) };
  return [shadow(AUDIT_PREFIX, audit), shadow(ALLOWED_PREFIX, allowed), decides]
    .filter((rbac) => Object.keys(rbac).length > 0)
    .map((rbac) => filter(NAME, NetworkRbacSchema, { statPrefix: STAT_PREFIX, ...rbac }));
}

function shadow(prefix: string, rules: Init<typeof NetworkRbacSchema>['shadowRules']): Init<typeof NetworkRbacSchema> {
  return rules === undefined ? {} : { shadowRules: rules, shadowRulesStatPrefix: prefix };
}
