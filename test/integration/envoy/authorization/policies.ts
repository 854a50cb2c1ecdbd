import type {
  AuthorizationPolicy,
  AuthorizationRule,
  OperationMatch,
  PathMatch,
  PrincipalMatch,
  SourceMatch,
} from '@dot-kube/proxy/model';
import { NAMESPACE } from '../harness/index.ts';

const ID = 'spiffe://cluster.local/ns';
const exactly = (account: string, namespace = NAMESPACE): PrincipalMatch => ({
  kind: 'exact',
  value: `${ID}/${namespace}/sa/${account}`,
});
const inNamespace = (namespace: string): PrincipalMatch => ({ kind: 'prefix', value: `${ID}/${namespace}/sa/` });
const anybody: PrincipalMatch = { kind: 'any-authenticated' };

const from = (source: Partial<SourceMatch>): Partial<AuthorizationRule> => ({
  from: [{ principals: [], notPrincipals: [], ipBlocks: [], notIpBlocks: [], ...source }],
});
const to = (...operations: readonly Partial<OperationMatch>[]): Partial<AuthorizationRule> => ({
  to: operations.map((operation) => ({
    hosts: [],
    notHosts: [],
    methods: [],
    notMethods: [],
    paths: [],
    notPaths: [],
    headers: [],
    ...operation,
  })),
});
const path = (kind: Exclude<PathMatch['kind'], 'any'>, value: string): Partial<AuthorizationRule> =>
  to({ paths: [{ kind, value }] });

function policy(
  action: AuthorizationPolicy['action'],
  rules: readonly Partial<AuthorizationRule>[],
  more: Partial<AuthorizationPolicy> & { readonly name?: string } = {},
): AuthorizationPolicy {
  const { name = 'only', ...rest } = more;
  return {
    source: { kind: 'AuthorizationPolicy', namespace: NAMESPACE, name },
    action,
    mode: 'enforce',
    rules: rules.map((rule, index) => ({ name: `rules[${index}]`, from: [], to: [], ...rule })),
    ...rest,
  };
}

const allow = (...rules: readonly Partial<AuthorizationRule>[]) => [policy('allow', rules)];
const deny = (...rules: readonly Partial<AuthorizationRule>[]) => [policy('deny', rules)];

/** Policies of one port each, by what they say. */
export const POLICIES: Readonly<Record<string, readonly AuthorizationPolicy[]>> = {
  nothing: [],
  'allow nobody': allow(),
  'allow everybody': allow({}),
  'deny everybody': deny({}),
  'allow one identity': allow(from({ principals: [[exactly('client')]] })),
  'allow a namespace': allow(from({ principals: [[inNamespace(NAMESPACE)]] })),
  'allow by the end of an identity': allow(from({ principals: [[{ kind: 'suffix', value: '/sa/teller' }]] })),
  'allow by the end of a namespace': allow(
    from({ principals: [[{ kind: 'namespace-suffix', trustDomain: 'cluster.local', value: 'op' }]] }),
  ),
  'allow any identity': allow(from({ principals: [[anybody]] })),
  'allow all but one identity': allow(from({ notPrincipals: [exactly('admin')] })),
  'deny all but one identity': deny(from({ notPrincipals: [exactly('client')] })),
  'deny whoever has no identity': deny(from({ notPrincipals: [anybody] })),
  'deny one identity': deny(from({ principals: [[exactly('client')]] })),
  'allow the one who is in two groups': allow(
    from({ principals: [[exactly('client'), exactly('teller', 'bank')], [inNamespace('bank')]] }),
  ),
  'allow an address': allow(from({ ipBlocks: ['127.0.7.0/24'] })),
  'deny all but a single address': deny(from({ notIpBlocks: ['127.0.7.7'] })),
  'allow an identity from elsewhere': allow(
    from({ principals: [[anybody]], notIpBlocks: ['127.0.7.0/24'], notPrincipals: [exactly('admin')] }),
  ),
  'allow methods': allow(to({ methods: ['GET', 'HEAD'] })),
  'deny all but a method': deny(to({ notMethods: ['GET'] })),
  'deny a path': deny(path('exact', '/admin')),
  'deny a path and all below': deny(path('prefix', '/admin')),
  'deny a path and all below, with a slash at its end': deny(path('prefix', '/admin/')),
  'allow a path and all below': allow(path('prefix', '/public')),
  'deny what begins so': deny(path('starts-with', '/admin')),
  'allow what ends so': allow(path('suffix', '.css')),
  'deny a template': deny(path('template', '/{*}/x')),
  'allow an open template': allow(path('template', '/public/{**}')),
  'allow all below, and nothing else': allow(path('template', '/{*}/{**}')),
  'allow all paths': allow(to({ paths: [{ kind: 'any' }] })),
  'allow all but paths': allow(
    to({
      notPaths: [
        { kind: 'prefix', value: '/admin' },
        { kind: 'suffix', value: '.css' },
      ],
    }),
  ),
  'allow a host': allow(to({ hosts: [{ kind: 'exact', value: 'shop.example' }] })),
  'deny a host with a port': deny(to({ hosts: [{ kind: 'exact', value: 'shop.example', port: 8080 }] })),
  'deny a host with the usual port': deny(to({ hosts: [{ kind: 'exact', value: 'shop.example', port: 80 }] })),
  'allow hosts of a domain': allow(to({ hosts: [{ kind: 'suffix', value: '.example' }] })),
  'deny hosts that begin so': deny(to({ hosts: [{ kind: 'prefix', value: 'shop.' }] })),
  'deny any host on a port': deny(to({ hosts: [{ kind: 'any', port: 8080 }] })),
  'allow all but a host': allow(to({ notHosts: [{ kind: 'exact', value: 'shop.example' }] })),
  'allow a header': allow(to({ headers: [{ name: 'X-Role', match: { kind: 'exact', value: 'boss' } }] })),
  'allow parts of headers': allow(
    to(
      { headers: [{ name: 'x-role', match: { kind: 'prefix', value: 'bo' } }] },
      { headers: [{ name: 'x-role', match: { kind: 'suffix', value: 'er' } }] },
      { headers: [{ name: 'x-role', match: { kind: 'contains', value: 'o.s' } }] },
    ),
  ),
  'deny what has no header': deny(to({ headers: [{ name: 'x-role', match: { kind: 'present' }, negate: true }] })),
  'deny what is not so': deny(
    to({ headers: [{ name: 'x-role', match: { kind: 'exact', value: 'boss' }, negate: true }] }),
  ),
  'allow a gRPC service': allow(to({ grpc: [{ service: 'shop.v1.Books' }] })),
  'deny a gRPC method': deny(to({ grpc: [{ service: 'shop.v1.Books', method: 'Buy' }] })),
  'allow an identity to do something, or anybody something else': allow(
    { ...from({ principals: [[exactly('admin')]] }), ...path('prefix', '/admin') },
    { ...path('prefix', '/public'), ...to({ methods: ['GET'], paths: [{ kind: 'prefix', value: '/public' }] }) },
  ),
  'allow, but deny more': [
    policy('allow', [from({ principals: [[inNamespace(NAMESPACE)]] })], { name: 'b' }),
    policy('allow', [path('prefix', '/public')], { name: 'a' }),
    policy('deny', [from({ principals: [[exactly('admin')]] }), to({ methods: ['POST'] })], { name: 'c' }),
  ],
  'rules that were given the same name': [
    policy('deny', [
      { name: 'twice', ...path('prefix', '/admin') },
      { name: 'twice', ...to({ methods: ['POST'] }) },
    ]),
  ],
  'a denial in dry run': [
    policy('deny', [path('prefix', '/admin')], { mode: 'dry-run', name: 'trial' }),
    policy('allow', [from({ principals: [[anybody]] })]),
  ],
  'the first allowance in dry run': [
    policy('allow', [from({ principals: [[exactly('client')]] })], { mode: 'dry-run', name: 'trial' }),
  ],
  'one more allowance in dry run': [
    policy('allow', [from({ principals: [[exactly('client')]] })]),
    policy('allow', [from({ principals: [[exactly('admin')]] })], { mode: 'dry-run', name: 'trial' }),
  ],
  'an audit': [
    policy('audit', [from({ notPrincipals: [exactly('client')] }), path('prefix', '/admin')], { name: 'watch' }),
    policy('deny', [to({ methods: ['POST'] })]),
  ],
};
