import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { HelmChart } from './helm-chart.ts';
import { openHelmChart } from './helm-chart.ts';
import { type InstallationSite, openSite } from './installed-system.ts';

const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';
const RELEASE = ['dot-kube', '--namespace', 'kube-system'];

describe('helm', { skip: EXTERNAL }, () => {
  const scope = new AsyncDisposableStack();
  let site: InstallationSite;
  let chart: HelmChart | undefined;
  before(
    async () => {
      chart = await openHelmChart();
      if (chart === undefined) return;
      scope.use(chart);
      site = scope.use(await openSite());
    },
    { timeout: 900_000 },
  );
  after(() => scope.disposeAsync());

  /** Runs Helm against the API server. */
  const helm = (...args: readonly string[]) => chart?.helm(...args, '--kubeconfig', site.cluster.kubeconfig) ?? '';
  const namesOf = (...args: readonly string[]) => site.cluster.kubectl('get', ...args, '-o', 'name');

  it('installs what the plain YAML is, and says what comes next', async (t) => {
    if (chart === undefined) return t.skip('there is no Go to build Helm with');
    const said = await helm('install', ...RELEASE, chart.chart);
    assert.match(said, /rollout status deployment\/dot-kube-operator/);
    assert.match(said, /kubectl label namespace default mesh\.dot-kube\.io\/inject=enabled/);
    // Helm's own label and annotations are its own: whoever applies the YAML does not take them away.
    assert.equal(
      await site.cluster.kubectl('diff', '--server-side', '--force-conflicts', '-f', site.path('install.yaml')),
      '',
    );
  });

  it('upgrades what has changed', async (t) => {
    if (chart === undefined) return t.skip('there is no Go to build Helm with');
    await helm('upgrade', ...RELEASE, chart.chart, '--set', 'replicas=3', '--set', 'networkPolicy.enabled=false');
    const deployment = ['-n', 'dot-kube-system', 'deployment/dot-kube-operator'];
    assert.equal(await site.cluster.kubectl('get', ...deployment, '-o', 'jsonpath={.spec.replicas}'), '3');
    assert.equal(await namesOf('-n', 'dot-kube-system', 'networkpolicies'), '');
  });

  it('uninstalls all but the kinds, and with them the policies of users', async (t) => {
    if (chart === undefined) return t.skip('there is no Go to build Helm with');
    const policy = {
      apiVersion: 'mesh.dot-kube.io/v1alpha1',
      kind: 'MeshPolicy',
      metadata: { name: 'strict', namespace: 'default' },
      spec: { mtls: { mode: 'Strict' } },
    };
    await site.cluster.kubectl.input(JSON.stringify(policy), 'apply', '-f', '-');
    await helm('uninstall', ...RELEASE);
    assert.equal((await namesOf('crd')).trim().split('\n').length, 3);
    assert.equal(await namesOf('mesh'), 'meshpolicy.mesh.dot-kube.io/strict\n');
    const gone = ['deployments', 'services', 'serviceaccounts', 'roles', 'rolebindings', 'poddisruptionbudgets'];
    assert.equal(await namesOf('-n', 'dot-kube-system', gone.join(',')), '');
    const global = ['clusterroles', 'clusterrolebindings', 'mutatingadmissionpolicies', 'validatingadmissionpolicies'];
    assert.doesNotMatch(await namesOf(global.join(',')), /dot-kube/);
  });
});
