import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { manifestYaml, systemManifests } from '../../../cdk8s/output/manifest.ts';
import type { SystemOverrides } from '../../../cdk8s/system/index.ts';
import { byId, type HelmChart, manifestsOf, openHelmChart } from './helm-chart.ts';

// It may have to be built.
const BUILD_MS = 900_000;

/** Texts that YAML or a template could take for something else. */
const word = fc.oneof(
  fc.constantFrom(
    'yes',
    'null',
    '1e3',
    '0x1f',
    '{{ .Values.x }}',
    '- a',
    '# b',
    "it's",
    '"',
    '~',
    '*a',
    '@',
    'a: b',
    '\\n',
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
);
const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const port = fc.integer({ min: 1, max: 65_535 });
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    word,
    fc.boolean(),
    fc.integer(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const object = fc.dictionary(name, json, { maxKeys: 3 });
const objects = fc.array(object, { maxLength: 2 });
// Of few names, so that two sets of labels have some in common.
const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), word, { maxKeys: 3 });
const on = { enabled: fc.boolean() };
const monitor = fc.record({ ...on, interval: fc.constantFrom('5s', '1m30s'), labels }, { requiredKeys: [] });
const domain = fc.constantFrom('a.example', 'cluster.local', 'x');

const image = fc.record(
  {
    registry: fc.constantFrom('', 'r.example:5000'),
    repository: fc.constantFrom('a/b', 'c'),
    tag: fc.constantFrom('', 'v1', '1.0'),
    digest: fc.constantFrom('', `sha256:${'a'.repeat(64)}`),
    pullPolicy: fc.constantFrom('Always', 'Never'),
  },
  { requiredKeys: [] },
);
const quantity = fc.constantFrom('1', '250m', '1.5', '64Mi', '1e3');
// Null takes the default away.
const quantities = (...defaults: readonly string[]) =>
  fc.record(
    {
      ...Object.fromEntries(defaults.map((each) => [each, fc.oneof(quantity, fc.constant(null))])),
      'ephemeral-storage': quantity,
      'example.com/gpu': quantity,
    },
    { requiredKeys: [] },
  );

/** Any values that the schema takes, the CustomResourceDefinitions left out for the sake of time. */
const anyValues = fc.record(
  {
    namespace: fc.record({ create: fc.boolean() }),
    commonLabels: labels,
    image,
    injection: fc.record({ by: fc.constantFrom('Policy', 'Webhook', 'None') }),
    proxy: fc.record(
      {
        image,
        capture: fc.constantFrom('nftables', 'iptables', 'cni'),
        ipFamilies: fc.constantFrom(['ipv4'], ['ipv6'], ['ipv4', 'ipv6'], ['ipv6', 'ipv4']),
        resources: fc.record({ requests: quantities('cpu', 'memory'), limits: quantities('memory') }),
        concurrency: fc.integer({ min: 1, max: 64 }),
        logLevel: fc.constantFrom('debug', 'info', 'warning', 'error'),
        drainSeconds: fc.constantFrom(0, 1, 3600),
      },
      { requiredKeys: [] },
    ),
    cni: fc.record(
      {
        image,
        binDirectory: fc.constantFrom('/usr/lib/cni', '/opt/a_b/c.d'),
        configDirectory: fc.constantFrom('/etc/cni', '/1'),
        excludeNamespaces: fc.subarray(['storage', '1', 'null']),
        resources: object,
      },
      { requiredKeys: [] },
    ),
    imagePullSecrets: objects,
    trustDomain: domain,
    clusterDomain: domain,
    serviceCidrs: fc.subarray(['10.96.0.0/12', 'fd00::/108']),
    logLevel: fc.constantFrom('debug', 'error'),
    certificateAuthority: fc.record(
      {
        source: fc.constantFrom('Secret', 'SelfSigned'),
        secretName: name,
        certificateLifetimeSeconds: fc.integer({ min: 10, max: 604_800 }),
      },
      { requiredKeys: [] },
    ),
    replicas: fc.nat(3),
    resources: object,
    podLabels: labels,
    podAnnotations: labels,
    nodeSelector: labels,
    tolerations: objects,
    affinity: object,
    topologySpreadConstraints: objects,
    priorityClassName: fc.oneof(fc.constant(''), word),
    podDisruptionBudget: fc.record({ ...on, maxUnavailable: fc.nat(9) }, { requiredKeys: [] }),
    networkPolicy: fc.record(
      {
        ...on,
        proxies: objects,
        webhook: objects,
        metrics: objects,
        apiServerPorts: fc.array(port, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
    standby: fc.record({ ...on, replicas: fc.nat(2), resources: object }, { requiredKeys: [] }),
    podMonitor: monitor,
    serviceMonitor: monitor,
  },
  { requiredKeys: [] },
);

describe('the Helm chart', () => {
  let chart: HelmChart | undefined;
  before(
    async () => {
      chart = await openHelmChart();
    },
    { timeout: BUILD_MS },
  );
  after(async () => chart?.[Symbol.asyncDispose]());

  /** The chart; undefined, with the test skipped, where Helm cannot be had. */
  const opened = (t: TestContext): HelmChart | undefined => {
    if (chart === undefined) t.skip('there is no Go to build Helm with');
    return chart;
  };

  it('passes the linter', async (t) => {
    const helm = opened(t);
    if (helm === undefined) return;
    assert.match(await helm.helm('lint', '--strict', helm.chart), /1 chart\(s\) linted, 0 chart\(s\) failed/);
  });

  it('renders by default to what the plain YAML is', async (t) => {
    const helm = opened(t);
    if (helm === undefined) return;
    const { crds, system } = systemManifests();
    assert.deepEqual(await helm.render({}), byId(manifestsOf(manifestYaml([...crds, ...system]))));
  });

  it('renders to what the constructs make of the same values, whatever they are', { timeout: 300_000 }, async (t) => {
    const helm = opened(t);
    if (helm === undefined) return;
    const property = fc.asyncProperty(anyValues, async (some) => {
      const values = JSON.parse(JSON.stringify({ ...some, crds: { enabled: false } })) as SystemOverrides;
      const { system } = systemManifests(values);
      assert.deepEqual(await helm.render(values), byId(manifestsOf(manifestYaml(system))));
    });
    await fc.assert(property, { numRuns: 40, endOnFailure: true });
  });

  it('renders the policies for each tool that captures and all address families', { timeout: 300_000 }, async (t) => {
    const helm = opened(t);
    if (helm === undefined) return;
    for (const capture of ['nftables', 'iptables', 'cni'] as const) {
      for (const ipFamilies of [['ipv4'], ['ipv6'], ['ipv4', 'ipv6'], ['ipv6', 'ipv4']] as const) {
        const values = {
          proxy: { capture, ipFamilies, drainSeconds: 0, image: { tag: 'v2' } },
          crds: { enabled: false },
        };
        const rendered = await helm.render(values);
        assert.deepEqual(rendered, byId(manifestsOf(manifestYaml(systemManifests(values).system))));
        assert.match(JSON.stringify(rendered.get('MutatingAdmissionPolicy/dot-kube-injection')), /dot-kube\/proxy:v2/);
        assert.match(JSON.stringify(rendered.get('Deployment/dot-kube-operator')), /--proxy-image=dot-kube\/proxy:v2"/);
      }
    }
  });

  it('refuses values that make no sense, and says which', async (t) => {
    const helm = opened(t);
    if (helm === undefined) return;
    await assert.rejects(helm.render({ replica: 3 }), /'replica' not allowed/);
    await assert.rejects(
      helm.render({ proxy: { resources: { limits: { cpu: 1 } } } }),
      /'\/proxy\/resources\/limits\/cpu'.*want string/,
    );
    await assert.rejects(helm.render({ proxy: { ipFamilies: ['IPv4'] } }), /'\/proxy\/ipFamilies\/0'/);
  });

  it('says what to do where the API server has no such policies', async (t) => {
    const helm = opened(t);
    if (helm === undefined) return;
    const older = ['--kube-version', 'v1.34.4', '--api-versions', 'v1/Pod'];
    await assert.rejects(helm.render({}, ...older), /set injection\.by=Webhook/);
    assert.ok((await helm.render({ injection: { by: 'Webhook' } }, ...older)).has('Service/dot-kube-webhook'));
    const policies = ['--api-versions', 'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy'];
    assert.ok((await helm.render({}, ...older, ...policies)).has('MutatingAdmissionPolicy/dot-kube-injection'));
  });

  it('refuses a Kubernetes that is too old', async (t) => {
    const helm = opened(t);
    if (helm === undefined) return;
    await assert.rejects(helm.render({}, '--kube-version', 'v1.33.9'), /requires kubeVersion: >=1\.34/);
  });
});
