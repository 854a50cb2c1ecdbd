import * as fc from 'fast-check';
import type {
  AuthorizationPolicy,
  AuthorizationPolicyRule,
  AuthorizationPolicyRuleFrom,
  AuthorizationPolicyRuleTo,
  MeshPolicy,
  Pod,
  Service,
} from '../../../operator/api/index.ts';
import type { KubernetesObject } from '../../../operator/framework/index.ts';

/** A cluster, with the pods that may call and be called. */
export interface Case {
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly authorization: readonly AuthorizationPolicy[];
  readonly mesh: readonly MeshPolicy[];
}

export const SYSTEM = 'dot-kube-system';
export const NAMESPACES = ['shop', 'shop-b', 'bank'] as const;
/** Declared by containers or Services, named by policies, left out of the capture, the proxy's own, and one that nobody names. */
export const PORTS: readonly number[] = [80, 8080, 9090, 9091, 22, 15020, 15021, 4000];
/** Addresses outside of the cluster. */
export const OUTSIDE: readonly string[] = ['203.0.113.7', '203.0.113.200', '10.0.9.9', '198.51.100.1'];

/** One account's name is longer than a label may be. */
const LONG = 'a'.repeat(64);
const ACCOUNTS = ['web', 'web-admin', 'api', LONG] as const;

/** Most of it is in one namespace, so that it meets. */
const namespace = fc.constantFrom('shop' as const, 'shop' as const, ...NAMESPACES);
const account = fc.constantFrom(...ACCOUNTS);
const labels = fc.record(
  { app: fc.constantFrom('a', 'b'), tier: fc.constantFrom('x', 'y') },
  { requiredKeys: ['app'] },
);
const selection = fc.oneof(
  fc.record({ app: fc.constantFrom('a', 'b') }),
  fc.record({ tier: fc.constantFrom('x', 'y') }),
  fc.record({ app: fc.constantFrom('a', 'b'), tier: fc.constantFrom('x', 'y') }),
);
const policyPort = fc.constantFrom(80, 8080, 9090, 9091, 4000);

/** Each pod stands in the /24 of its namespace, but for some in a network of their own. */
const pod = (index: number): fc.Arbitrary<Pod> =>
  fc
    .record({
      namespace,
      labels,
      account,
      mesh: fc.constantFrom('labelled', 'labelled', 'labelled', 'labelled', 'half', 'annotated', 'none'),
      ports: fc.constantFrom([{ name: 'web', containerPort: 8080 }], [{ name: 'tcp-web', containerPort: 9090 }], []),
      uncaptured: fc.constantFrom('', '', '', '', '22', '9090-9091,22'),
      net: fc.constantFrom(1, 1, 1, 2),
    })
    .map(({ namespace: ns, labels: own, account: serviceAccountName, mesh, ports, uncaptured, net }) => {
      const ip = `10.0.${net}.${index + 1}`;
      const marks = {
        ...(mesh === 'labelled' || mesh === 'half' ? { 'mesh.dot-kube.io/status': 'injected' } : {}),
        ...(mesh === 'labelled' && serviceAccountName.length < 64
          ? { 'mesh.dot-kube.io/service-account': serviceAccountName }
          : {}),
      };
      return {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          namespace: ns,
          name: `p${index}`,
          labels: { ...own, ...marks },
          annotations: {
            ...(mesh === 'annotated' ? { 'mesh.dot-kube.io/status': 'injected' } : {}),
            ...(uncaptured === '' ? {} : { 'mesh.dot-kube.io/exclude-inbound-ports': uncaptured }),
          },
        },
        spec: { serviceAccountName, containers: [{ name: 'app', ports }] },
        status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
      };
    });

const service: fc.Arbitrary<Service> = fc
  .record({
    namespace,
    name: fc.constantFrom('s', 't'),
    selector: selection,
    ports: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('one', 'two'),
        targetPort: fc.constantFrom(80, 8080, 9090, 'web', 'tcp-web'),
        appProtocol: fc.constantFrom('http', 'tcp', undefined),
      }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ namespace: ns, name, selector, ports }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: ns, name },
    spec: {
      clusterIP: 'None',
      selector,
      ports: ports.map(({ name: port, targetPort, appProtocol }, index) => ({
        name: port,
        port: 1000 + index,
        targetPort,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      })),
    },
  }));

const TARGET = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: selection.map((matchLabels) => ({ selector: { matchLabels } })) },
  {
    weight: 2,
    arbitrary: fc
      .record({ name: fc.constantFrom('s', 't'), section: fc.constantFrom(undefined, undefined, 'one', 'two') })
      .map(({ name, section }) => ({
        targetRefs: [{ kind: 'Service' as const, name, ...(section === undefined ? {} : { sectionName: section }) }],
      })),
  },
);

const principal = fc.constantFrom(
  '*',
  'spiffe://cluster.local/ns/shop/sa/web',
  'spiffe://cluster.local/ns/shop/*',
  'spiffe://cluster.local/ns/shop*',
  '*/sa/api',
  `spiffe://cluster.local/ns/bank/sa/${LONG}`,
  'spiffe://elsewhere/ns/shop/sa/web',
);
const serviceAccount = fc.constantFrom('web', 'api', 'bank/web', 'shop/web-admin', 'shop-b/api', LONG);
const namespaceName = fc.constantFrom('shop', 'bank', 'shop*', '*-b', '*');
const block = fc.constantFrom(
  '10.0.1.0/24',
  '10.0.0.0/16',
  '203.0.113.0/24',
  '203.0.113.7',
  '10.0.9.0/24',
  '0.0.0.0/0',
);
const oneOrTwo = <T>(each: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.uniqueArray(each, { minLength: 1, maxLength: 2 });

const SOURCE_FIELDS: {
  readonly [K in keyof AuthorizationPolicyRuleFrom]-?: fc.Arbitrary<AuthorizationPolicyRuleFrom[K]>;
} = {
  principals: oneOrTwo(principal),
  notPrincipals: oneOrTwo(principal),
  serviceAccounts: oneOrTwo(serviceAccount),
  notServiceAccounts: oneOrTwo(serviceAccount),
  namespaces: oneOrTwo(namespaceName),
  notNamespaces: oneOrTwo(namespaceName),
  ipBlocks: oneOrTwo(block),
  notIpBlocks: oneOrTwo(block),
};

/** An object with one to so many of the fields. */
function fewOf<T extends object>(
  fields: { readonly [K in keyof T]-?: fc.Arbitrary<T[K]> },
  most: number,
): fc.Arbitrary<T> {
  const names = Object.keys(fields) as (keyof T)[];
  return fc
    .subarray(names, { minLength: 1, maxLength: most })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, fields[name]])))) as fc.Arbitrary<T>;
}

const operation: fc.Arbitrary<AuthorizationPolicyRuleTo> = fewOf<
  Pick<AuthorizationPolicyRuleTo, 'ports' | 'notPorts' | 'methods' | 'notMethods' | 'paths'>
>(
  {
    ports: oneOrTwo(policyPort),
    notPorts: oneOrTwo(policyPort),
    methods: oneOrTwo(fc.constantFrom('GET', 'DELETE')),
    notMethods: oneOrTwo(fc.constantFrom('GET', 'DELETE')),
    paths: oneOrTwo(fc.constantFrom('/a', '/b*')),
  },
  2,
);

const rule: fc.Arbitrary<AuthorizationPolicyRule> = fc.record(
  {
    from: fc.array(fewOf<AuthorizationPolicyRuleFrom>(SOURCE_FIELDS, 2), { minLength: 1, maxLength: 2 }),
    to: fc.array(operation, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const authorization = (index: number): fc.Arbitrary<AuthorizationPolicy> =>
  fc
    .record({
      namespace: fc.oneof({ weight: 4, arbitrary: namespace }, { weight: 1, arbitrary: fc.constant(SYSTEM) }),
      target: TARGET,
      action: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const, 'Audit' as const),
      isDryRun: fc.constantFrom(false, false, false, true),
      rules: fc.array(rule, { maxLength: 2 }),
    })
    .map(({ namespace: ns, target, action, isDryRun, rules }) => ({
      apiVersion: 'mesh.dot-kube.io/v1alpha1',
      kind: 'AuthorizationPolicy',
      metadata: { namespace: ns, name: `authorization-${index}` },
      spec: {
        ...target,
        action,
        ...(isDryRun && action !== 'Audit' ? { mode: 'DryRun' as const } : {}),
        rules: rules.length === 0 && action !== 'Allow' ? [{}] : rules,
      },
    }));

const mode = fc.constantFrom('Strict' as const, 'Permissive' as const, 'Disabled' as const);

const meshPolicy = (index: number): fc.Arbitrary<MeshPolicy> =>
  fc
    .record({
      namespace: fc.oneof({ weight: 2, arbitrary: namespace }, { weight: 1, arbitrary: fc.constant(SYSTEM) }),
      target: TARGET,
      mode: fc.option(mode, { nil: undefined }),
      ports: fc.uniqueArray(fc.record({ port: policyPort, mode }), { selector: ({ port }) => port, maxLength: 1 }),
      networkPolicy: fc.constantFrom(undefined, undefined, 'Generate' as const, 'Disabled' as const),
      second: fc.nat(3),
    })
    .map(({ namespace: ns, target, mode: of, ports, networkPolicy, second }) => {
      const isOfPort = 'targetRefs' in target && target.targetRefs.some((each) => 'sectionName' in each);
      const mtls = { ...(of === undefined ? {} : { mode: of }), ...(ports.length === 0 ? {} : { ports }) };
      return {
        apiVersion: 'mesh.dot-kube.io/v1alpha1',
        kind: 'MeshPolicy',
        metadata: { namespace: ns, name: `mesh-${index}`, creationTimestamp: `2026-01-01T00:00:0${second}Z` },
        spec: {
          ...target,
          ...(Object.keys(mtls).length === 0 ? {} : { mtls }),
          ...(networkPolicy === undefined || isOfPort ? {} : { networkPolicy }),
        },
      };
    });

const several = <T>(
  make: (index: number) => fc.Arbitrary<T>,
  least: number,
  most: number,
): fc.Arbitrary<readonly T[]> =>
  fc
    .integer({ min: least, max: most })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => make(at))));

/** NetworkPolicies are made for most of the mesh, so that there is something to look at. */
const GENERATE: MeshPolicy = {
  apiVersion: 'mesh.dot-kube.io/v1alpha1',
  kind: 'MeshPolicy',
  metadata: { namespace: SYSTEM, name: 'everywhere', creationTimestamp: '2025-01-01T00:00:00Z' },
  spec: { networkPolicy: 'Generate' },
};

const arbitraryCase: fc.Arbitrary<Case> = fc.record({
  pods: several(pod, 4, 8),
  services: fc.uniqueArray(service, {
    selector: ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
    maxLength: 4,
  }),
  authorization: several(authorization, 1, 5),
  mesh: several(meshPolicy, 0, 3).map((policies) => [GENERATE, ...policies]),
});

/** So many cases, the same for the same seed. */
export function sampleCases(count: number, seed: number): readonly Case[] {
  return fc.sample(arbitraryCase, { numRuns: count, seed });
}

/** All objects of a case. */
export function objectsOf({ pods, services, authorization: policies, mesh }: Case): readonly KubernetesObject[] {
  return [...pods, ...services, ...policies, ...mesh];
}
