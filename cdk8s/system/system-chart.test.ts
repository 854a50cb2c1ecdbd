import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { MESH_NAMESPACE } from '../../operator/build/policy-scope.ts';
import { parseOperatorFlags } from '../../operator/operator-flags.ts';
import { type Manifest, systemManifests } from '../output/manifest.ts';
import { CRDS } from './crds-chart.ts';
import { SYSTEM_NAMESPACE } from './names.ts';
import type { SystemOverrides } from './values/values.ts';

interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly { readonly image: string; readonly args: readonly string[] }[];
    readonly volumes: readonly unknown[];
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
const flagsOf = (overrides?: SystemOverrides) => parseOperatorFlags(podOf(overrides).spec.containers[0]?.args ?? []);

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
      assert.match(metadata.name, /^(dot-kube-(operator|system|xds)|[a-z]+\.mesh\.dot-kube\.io)$/);
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

  it('has a certificate for the names that proxies reach the Service by', () => {
    assert.deepEqual(flagsOf({ clusterDomain: 'k8s.example' }).xdsNames.dnsNames, [
      'dot-kube-xds.dot-kube-system.svc',
      'dot-kube-xds.dot-kube-system.svc.k8s.example',
    ]);
  });

  it('takes its root from a Secret that it cannot write, or makes one that it forgets', () => {
    const secret = podOf({ certificateAuthority: { secretName: 'root' } });
    assert.partialDeepStrictEqual(secret.spec.volumes, [{ name: 'ca', secret: { secretName: 'root' } }]);
    const ephemeral = podOf({ replicas: 1, certificateAuthority: { source: 'Ephemeral' } });
    assert.partialDeepStrictEqual(ephemeral.spec.volumes, [{ name: 'ca', emptyDir: {} }]);
    assert.throws(() => all({ certificateAuthority: { source: 'Ephemeral' } }), /do not trust each other/);
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

  it('replaces lists, and merges objects field by field', () => {
    const tolerations = [{ operator: 'Exists' }];
    assert.deepEqual(podOf({ tolerations }).spec.tolerations, tolerations);
    assert.partialDeepStrictEqual(podOf({ resources: { limits: { cpu: '1' } } }).spec.containers[0], {
      resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m' } },
    });
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
