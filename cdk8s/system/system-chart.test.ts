import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { injectionPolicies } from '@dot-kube/operator/webhooks';
import { MESH_NAMESPACE } from '../../operator/build/policy-scope.ts';
import { NETNS_FOLDERS } from '../../operator/cni/pod-capture.ts';
import { parseCniFlags } from '../../operator/cni/cni-flags.ts';
import { parseOperatorFlags } from '../../operator/operator-flags.ts';
import { type Manifest, systemManifests } from '../output/manifest.ts';
import { CRDS } from './crds-chart.ts';
import { injectionSettings } from './injection.ts';
import { SYSTEM_NAMESPACE } from './names.ts';
import type { Rule } from './permissions.ts';
import { mergeValues } from './values/merge.ts';
import { DEFAULT_VALUES, type SystemOverrides } from './values/values.ts';

interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly { readonly image: string; readonly args: readonly string[] }[];
    readonly volumes?: readonly unknown[];
    readonly tolerations?: unknown;
  };
}
interface Deployment {
  readonly spec: { readonly template: Pod };
}

const all = (overrides?: SystemOverrides): readonly Manifest[] => {
  const { crds, system } = systemManifests(overrides);
  return [...crds, ...system];
};
const idsOf = (manifests: readonly Manifest[]): readonly string[] =>
  manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

function podOf(overrides?: SystemOverrides): Pod {
  const { system } = systemManifests({ ...overrides, crds: { enabled: false } });
  const deployments = system.filter(({ kind }) => kind === 'Deployment') as unknown as readonly Deployment[];
  assert.ok(deployments[0]);
  return deployments[0].spec.template;
}

const imageOf = (image: SystemOverrides['image']) => podOf({ image }).spec.containers[0]?.image;
const argsOf = (overrides?: SystemOverrides) => podOf(overrides).spec.containers[0]?.args ?? [];
const flagsOf = (overrides?: SystemOverrides) => parseOperatorFlags(argsOf(overrides));

describe('the CustomResourceDefinitions', () => {
  it('are those of crds/, kept when the rest is removed', () => {
    const { crds } = systemManifests();
    const files = readdirSync(CRDS).filter((name) => name.endsWith('.yaml'));
    assert.equal(crds.length, files.length);
    for (const file of files) {
      const written = parse(readFileSync(join(CRDS, file), 'utf8')) as Manifest;
      const { metadata, ...rest } = crds.find((crd) => crd.metadata.name === written.metadata.name) ?? {};
      const { metadata: own, ...expected } = written;
      assert.deepEqual(rest, expected);
      assert.partialDeepStrictEqual(metadata, { ...own, annotations: { 'helm.sh/resource-policy': 'keep' } });
    }
  });

  it('can be left out', () => {
    assert.ok(!all({ crds: { enabled: false } }).some(({ kind }) => kind === 'CustomResourceDefinition'));
  });
});

describe('the system', () => {
  it('lives where the operator looks for policies for the whole mesh', () => {
    assert.equal(SYSTEM_NAMESPACE, MESH_NAMESPACE);
    const namespaces = new Set(all().map(({ metadata }) => metadata.namespace ?? SYSTEM_NAMESPACE));
    assert.deepEqual([...namespaces], [SYSTEM_NAMESPACE]);
  });

  it('has names without hashes, and labels that say what it belongs to', () => {
    for (const { metadata } of all()) {
      assert.match(
        metadata.name,
        /^(dot-kube-(operator|system|xds|(injection|left-out)(-by-(namespace|pod))?)|[a-z]+\.mesh\.dot-kube\.io)$/,
      );
      assert.equal(metadata.labels?.['app.kubernetes.io/part-of'], 'dot-kube');
    }
  });

  it('starts the operator with flags that it knows', () => {
    const flags = flagsOf({
      serviceCidrs: ['10.96.0.0/12', 'fd00::/108'],
      trustDomain: 'example.org',
      logLevel: 'debug',
    });
    assert.partialDeepStrictEqual(flags, {
      namespace: 'dot-kube-system',
      trustDomain: 'example.org',
      serviceCidrs: ['10.96.0.0/12', 'fd00::/108'],
      xdsAddress: { port: 15_010 },
      healthAddress: { port: 8081 },
      leaderElection: true,
      capture: 'redirect',
      logLevel: 'debug',
    });
  });

  it('tells the operator of injection what the policies are made of', () => {
    const proxy: SystemOverrides['proxy'] = {
      image: { registry: 'r.example', tag: 'v2', pullPolicy: 'Always' },
      capture: 'cni',
      ipFamilies: ['ipv6', 'ipv4'],
      resources: { requests: { memory: null, cpu: '1' }, limits: { memory: '1Gi' } },
      concurrency: 2,
      logLevel: 'debug',
      drainSeconds: 0,
    };
    for (const overrides of [{}, { proxy }]) {
      const settings = injectionSettings(mergeValues(DEFAULT_VALUES, overrides));
      assert.deepEqual(flagsOf(overrides).injection?.settings, settings);
      const { system } = systemManifests(overrides);
      const expected = injectionPolicies(settings).map(({ kind, spec }) => ({ kind, spec }));
      const policies = system.filter(({ kind }) => kind.includes('Admission'));
      assert.deepEqual(
        policies.map(({ kind, spec }) => ({ kind, spec })),
        expected,
      );
    }
    assert.equal(flagsOf().injection?.by, 'policy');
    assert.equal(flagsOf({ injection: { by: 'None' } }).injection, undefined);
  });

  it('injects by a webhook of its own where the API server has no such policies', () => {
    const overrides = { injection: { by: 'Webhook' }, proxy: { capture: 'iptables' } } as const;
    const ids = idsOf(all(overrides));
    assert.ok(ids.includes('Service/dot-kube-webhook') && !ids.some((id) => id.includes('AdmissionPolicy')));
    const { injection } = flagsOf(overrides);
    assert.equal(injection?.by, 'webhook');
    assert.deepEqual(injection.webhook, {
      address: { port: 15_017 },
      names: { dnsNames: ['dot-kube-webhook.dot-kube-system.svc'], ipAddresses: [] },
    });
    assert.equal(injection.settings.capture, 'iptables');
    const configuration = all(overrides).find(({ kind }) => kind === 'MutatingWebhookConfiguration');
    assert.doesNotMatch(JSON.stringify(configuration), /caBundle/);
  });

  it('tells proxies the whole name of the Service', () => {
    const host = 'dot-kube-xds.dot-kube-system.svc.k8s.example';
    assert.deepEqual(flagsOf({ clusterDomain: 'k8s.example' }).xdsService, { host, port: 15_010 });
  });

  it('has a certificate for the names that proxies reach the Service by', () => {
    assert.deepEqual(flagsOf({ clusterDomain: 'k8s.example' }).xdsNames.dnsNames, [
      'dot-kube-xds.dot-kube-system.svc',
      'dot-kube-xds.dot-kube-system.svc.k8s.example',
    ]);
  });

  it('keeps its root in a Secret, which it may write only where it is its own', () => {
    const rulesOf = (overrides?: SystemOverrides) => {
      const role = systemManifests(overrides).system.find(({ kind }) => kind === 'Role');
      const rules = (role?.['rules'] ?? []) as readonly Rule[];
      return rules.filter(({ resources }) => resources.includes('secrets'));
    };
    const made = rulesOf().map(({ resourceNames = [], verbs }) => [resourceNames, verbs]);
    assert.deepEqual(made, [
      [[], ['create']],
      [
        ['dot-kube-ca', 'dot-kube-ca-state'],
        ['get', 'update'],
      ],
    ]);
    const given = { certificateAuthority: { source: 'Secret', secretName: 'root' } } as const;
    const read = rulesOf(given).map(({ resourceNames = [], verbs }) => [resourceNames, verbs]);
    assert.deepEqual(read, [
      [[], ['create']],
      [['root'], ['get']],
      [['root-state'], ['get', 'update']],
    ]);
    assert.partialDeepStrictEqual(flagsOf(given), { caSecret: 'root', caSource: 'secret' });
    assert.partialDeepStrictEqual(flagsOf(), { caSecret: 'dot-kube-ca', caSource: 'self-signed' });
    assert.equal(podOf(given).spec.volumes, undefined);
  });

  it('names its image by digest, else by tag, else by its own version', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    assert.equal(imageOf({ registry: 'r.example', tag: 'v2', digest }), `r.example/dot-kube/operator@${digest}`);
    assert.equal(imageOf({ repository: 'mine', tag: 'v2' }), 'mine:v2');
    assert.match(imageOf({}) ?? '', /^dot-kube\/operator:\d+\.\d+\.\d+$/);
  });

  it('keeps the labels that pods are selected by, whatever labels are added', () => {
    const pod = podOf({ commonLabels: { team: 'mesh', x: 'common' }, podLabels: { x: 'pod', y: 'pod' } });
    assert.partialDeepStrictEqual(pod.metadata.labels, { team: 'mesh', x: 'common', y: 'pod' });
    assert.equal(pod.metadata.labels['app.kubernetes.io/component'], 'operator');
  });

  it('selects its pods by labels that no version and no value changes, as a selector cannot be changed', () => {
    const selector = { 'app.kubernetes.io/name': 'dot-kube', 'app.kubernetes.io/component': 'operator' };
    const overrides = {
      commonLabels: { team: 'mesh' },
      podLabels: { x: 'pod' },
      injection: { by: 'Webhook' },
    } as const;
    const objects = all({ ...overrides, podMonitor: { enabled: true } });
    const selectorsOf = (object: unknown): readonly unknown[] =>
      Object.entries(object ?? {}).flatMap(([name, value]) =>
        ['selector', 'podSelector'].includes(name) ? [value] : typeof value === 'object' ? selectorsOf(value) : [],
      );
    const ours = ['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy', 'PodMonitor'];
    const selectors = objects.filter(({ kind }) => ours.includes(kind)).flatMap(({ spec }) => selectorsOf(spec));
    assert.ok(selectors.length >= 7);
    for (const found of selectors) assert.deepEqual((found as { matchLabels?: object }).matchLabels ?? found, selector);
  });

  it('replaces lists, and merges objects field by field', () => {
    const tolerations = [{ operator: 'Exists' }];
    assert.deepEqual(podOf({ tolerations }).spec.tolerations, tolerations);
    assert.partialDeepStrictEqual(podOf({ resources: { limits: { cpu: '1' } } }).spec.containers[0], {
      resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m' } },
    });
  });

  it('has the agent of the CNI plugin on all nodes where that captures, in a namespace of its own, as it has rights of its own', () => {
    const cni = all({
      proxy: { capture: 'cni', ipFamilies: ['ipv6', 'ipv4'] },
      cni: { image: { tag: 'v2' }, binDirectory: '/usr/libexec/cni', excludeNamespaces: ['storage'] },
    });
    const usual = idsOf(all());
    const added = cni.filter((manifest) => !usual.includes(idsOf([manifest])[0] ?? ''));
    assert.deepEqual(
      new Set(added.map(({ metadata }) => metadata.namespace ?? metadata.name)),
      new Set(['dot-kube-cni']),
    );
    const levels = cni.flatMap(({ metadata }) => metadata.labels?.['pod-security.kubernetes.io/enforce'] ?? []);
    assert.deepEqual(levels, ['restricted', 'privileged']);
    const daemonSet = added.find(({ kind }) => kind === 'DaemonSet') as unknown as Deployment;
    const { containers, tolerations, volumes = [] } = daemonSet.spec.template.spec;
    assert.deepEqual(tolerations, [{ operator: 'Exists' }]);
    assert.equal(containers[0]?.image, 'dot-kube/cni:v2');
    assert.partialDeepStrictEqual(volumes, [{ hostPath: { path: '/usr/libexec/cni' } }]);
    const flags = parseCniFlags(containers[0]?.args ?? []);
    assert.deepEqual(flags.families, ['ipv6', 'ipv4']);
    const system = ['kube-system', 'kube-public', 'kube-node-lease', 'dot-kube-system', 'dot-kube-cni', 'storage'];
    assert.deepEqual(flags.excludeNamespaces, system);
    // Where the flags say that things are, they are mounted.
    const mounts = (containers[0] as unknown as { volumeMounts: readonly { mountPath: string }[] }).volumeMounts;
    const paths = mounts.map(({ mountPath }) => mountPath);
    const told = [flags.binDirectory, flags.configDirectory, NETNS_FOLDERS[0], dirname(flags.socket)];
    assert.deepEqual(paths, told);
  });

  it('has what is asked for beyond the default, and leaves out what is not wanted', () => {
    const more = idsOf(all({ podMonitor: { enabled: true }, serviceMonitor: { enabled: true } }));
    const usual = idsOf(all());
    assert.deepEqual(
      more.filter((id) => !usual.includes(id)),
      ['PodMonitor/dot-kube-operator', 'Service/dot-kube-operator-metrics', 'ServiceMonitor/dot-kube-operator'],
    );
    const off = { enabled: false };
    const fewer = idsOf(all({ namespace: { create: false }, podDisruptionBudget: off, networkPolicy: off }));
    assert.deepEqual(
      usual.filter((id) => !fewer.includes(id)),
      ['Namespace/dot-kube-system', 'PodDisruptionBudget/dot-kube-operator', 'NetworkPolicy/dot-kube-operator'],
    );
  });
});
