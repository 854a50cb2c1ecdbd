import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { type Manifest, manifestYaml, systemManifests } from '../../../cdk8s/output/manifest.ts';
import { KubectlError } from '../../cluster/kubectl.ts';
import { byId, manifestsOf } from './helm-chart.ts';
import { install, type InstallationSite, openSite } from './installed-system.ts';

const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';

const POLICIES = ['mutating', 'validating']
  .flatMap((what) => [`${what}admissionpolicies`, `${what}admissionpolicybindings`])
  .join(',');

type Fields = Record<string, unknown>;
interface Container {
  securityContext: Fields;
}
interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly Container[]; securityContext: Fields; [field: string]: unknown };
}

describe('what is synthesized', { skip: EXTERNAL }, () => {
  let site: InstallationSite;
  before(async () => {
    site = await openSite();
    await install(site);
  });
  after(() => site?.[Symbol.asyncDispose]());

  it('is taken by the API server, every field of it, and is then what is there', async () => {
    const { kubectl } = site.cluster;
    // Once more without writing: the API server says what it would change.
    const said = await kubectl(
      'apply',
      '--server-side',
      '--dry-run=server',
      '--validate=strict',
      '-f',
      site.path('install.yaml'),
    );
    assert.equal(said.trim().split('\n').length, 22);
    assert.equal(await kubectl('diff', '--server-side', '-f', site.path('install.yaml')), '');
  });

  it('captures by the CNI plugin with the component for it, whatever injects', async () => {
    const folder = site.path('kustomize/overlay');
    await mkdir(folder, { recursive: true });
    for (const [base, by] of [['base', 'Policy'] as const, ['base-webhook', 'Webhook'] as const]) {
      const overlay = { resources: [`../${base}`], components: ['../cni'] };
      await writeFile(join(folder, 'kustomization.yaml'), stringify(overlay));
      const built = await site.cluster.kubectl('kustomize', folder);
      const { crds, system } = systemManifests({ injection: { by }, proxy: { capture: 'cni' } });
      assert.deepEqual(byId(manifestsOf(built)), byId(manifestsOf(manifestYaml([...crds, ...system]))));
    }
    const added = site.path('kustomize/cni/objects.yaml');
    await site.cluster.kubectl('apply', '--server-side', '--validate=strict', '-f', added);
    assert.equal(await site.cluster.kubectl('diff', '--server-side', '-f', added), '');
  });

  it('is upgraded, and rolled back', async () => {
    const { kubectl } = site.cluster;
    const apply = (yaml: string) => kubectl.input(yaml, 'apply', '--server-side', '-f', '-');
    const yaml = site.files.get('install.yaml') ?? '';
    const [version = ''] = /(?<=app\.kubernetes\.io\/version: )\S+/.exec(yaml) ?? [];
    await apply(yaml.replaceAll(version, '99.0.0'));
    const image = ['-o', 'jsonpath={.spec.template.spec.containers[0].image}'];
    const deployment = ['-n', 'dot-kube-system', 'get', 'deployment', 'dot-kube-operator', ...image];
    assert.equal(await kubectl(...deployment), 'dot-kube/operator:99.0.0');
    await apply(yaml);
    assert.equal(await kubectl('diff', '--server-side', '-f', site.path('install.yaml')), '');
  });

  it('changes over to the webhook, and back', async () => {
    const { kubectl } = site.cluster;
    const ours = ['-l', 'app.kubernetes.io/part-of=dot-kube'];
    const goOver = async (variant: string, without: string): Promise<void> => {
      await kubectl('apply', '--server-side', '-f', site.path(variant));
      await kubectl('delete', without, ...ours);
      assert.equal(await kubectl('diff', '--server-side', '-f', site.path(variant)), '');
    };
    await goOver('install-webhook.yaml', POLICIES);
    await goOver('install.yaml', 'mutatingwebhookconfigurations');
  });

  it('is told from something else', async () => {
    const [deployment] = manifestsOf(site.files.get('install.yaml') ?? '').filter(({ kind }) => kind === 'Deployment');
    const other = structuredClone(deployment) as Manifest & { spec: { replicas: number } };
    other.spec.replicas = 3;
    await assert.rejects(
      site.cluster.kubectl.input(stringify(other), 'diff', '--server-side', '-f', '-'),
      (error) => error instanceof KubectlError && error.exitCode === 1 && error.stdout.includes('replicas: 3'),
    );
  });

  it('is the same by kustomize', async () => {
    const built = await site.cluster.kubectl('kustomize', site.path('kustomize/base'));
    assert.deepEqual(byId(manifestsOf(built)), byId(manifestsOf(site.files.get('install.yaml') ?? '')));
  });

  it('puts the operator under the restricted profile, which holds in its namespace', async () => {
    const { kubectl } = site.cluster;
    const template = async (): Promise<PodTemplate> => {
      const deployment = JSON.parse(
        await kubectl('-n', 'dot-kube-system', 'get', 'deployment', 'dot-kube-operator', '-o', 'json'),
      ) as { readonly spec: { readonly template: PodTemplate } };
      return deployment.spec.template;
    };
    const create = ({ metadata: { labels }, spec }: PodTemplate) => {
      const metadata = { name: 'probe', namespace: 'dot-kube-system', labels };
      const pod = manifestYaml([{ apiVersion: 'v1', kind: 'Pod', metadata, spec }]);
      return kubectl.input(pod, 'create', '--dry-run=server', '-f', '-');
    };
    assert.match(await create(await template()), /pod\/probe created/);
    const root = await template();
    root.spec.securityContext = { seccompProfile: { type: 'RuntimeDefault' } };
    await assert.rejects(create(root), /violates PodSecurity "restricted:latest".*runAsNonRoot/);
    const able = await template();
    for (const container of able.spec.containers) container.securityContext = { allowPrivilegeEscalation: false };
    await assert.rejects(create(able), /violates PodSecurity "restricted:latest".*unrestricted capabilities/);
  });
});
