import type { Init } from './init.ts';
import type { HashKey } from '../model/index.ts';
import { duration, type RouteAction_HashPolicySchema } from './proto/index.ts';

export type HashPolicyInit = Init<typeof RouteAction_HashPolicySchema>;

/** What Envoy makes a hash from; requests without the key have none, and go anywhere. */
export function hashPolicy(key: HashKey): HashPolicyInit {
  switch (key.kind) {
    case 'header':
      return { policySpecifier: { case: 'header', value: { headerName: key.name.toLowerCase() } } };
    case 'cookie': {
      const { name, path, ttlMs } = key;
      const generated = ttlMs === undefined ? {} : { ttl: duration(ttlMs), path: path ?? '/' };
      return { policySpecifier: { case: 'cookie', value: { name, ...generated } } };
    }
    case 'source-ip':
      return { policySpecifier: { case: 'connectionProperties', value: { sourceIp: true } } };
  }
}
