import type { Any } from '@bufbuild/protobuf/wkt';
import type { AuthorizationPolicy } from '../../model/index.ts';
import { filter } from '../extension.ts';
import type { Init } from '../init.ts';
import { any, type HttpFilterSchema, HttpRbacPerRouteSchema, HttpRbacSchema } from '../proto/index.ts';
import { type Decisions, decisions } from './policies.ts';
import { AUDIT_PREFIX, ALLOWED_PREFIX, DRY_RUN_PREFIX } from './shadow.ts';

/** Names of the filters, which routes configure by them. Those that only look come first. */
const AUDIT = 'dot-kube.rbac.audit';
const ALLOWED = 'dot-kube.rbac.allowed';
const ENFORCED = 'dot-kube.rbac';

/** Filters that do nothing until a route says what: so a change binds the next request of an open connection. */
export function httpRbacFilters(): readonly Init<typeof HttpFilterSchema>[] {
  return [AUDIT, ALLOWED, ENFORCED].map((name) => filter(name, HttpRbacSchema));
}

/** What a route says to the filters. */
export function httpRbacPerRoute(policies: readonly AuthorizationPolicy[]): Record<string, Any> {
  const { enforced, dryRun, allowed, audit } = decisions(policies, 'http');
  return {
    ...perRoute(AUDIT, shadow(AUDIT_PREFIX, audit)),
    ...perRoute(ALLOWED, shadow(ALLOWED_PREFIX, allowed)),
    ...perRoute(ENFORCED, {
      ...(enforced === undefined ? {} : { rules: enforced }),
      ...shadow(DRY_RUN_PREFIX, dryRun),
    }),
  };
}

type RbacInit = Init<typeof HttpRbacSchema>;

function shadow(prefix: string, rules: Decisions[keyof Decisions]): RbacInit {
  return rules === undefined ? {} : { shadowRules: rules, shadowRulesStatPrefix: prefix };
}

function perRoute(name: string, rbac: RbacInit): Record<string, Any> {
  return Object.keys(rbac).length === 0 ? {} : { [name]: any(HttpRbacPerRouteSchema, { rbac }) };
}
