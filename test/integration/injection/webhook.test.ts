import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findingText } from '../../../operator/findings/index.ts';
import { fieldOf, jsonEqual } from '../../../operator/framework/api/json.ts';
import {
  applyCaBundle,
  jsonPatch,
  type KubernetesObject,
  MUTATING_WEBHOOK_CONFIGURATION,
} from '../../../operator/framework/index.ts';
import { decideInjection } from '../../../operator/webhooks/injection/decide.ts';
import { injectPod } from '../../../operator/webhooks/injection/inject-pod.ts';
import { injectionPolicies } from '../../../operator/webhooks/injection/policy/policies.ts';
import type { InjectionSettings } from '../../../operator/webhooks/injection/settings.ts';
import {
  CA_BUNDLE_MANAGER,
  INJECTION_PATH,
  INJECTION_WEBHOOK,
  injectionWebhook,
} from '../../../operator/webhooks/injection/webhook/configuration.ts';
import { injectionHandler } from '../../../operator/webhooks/injection/webhook/injection-handler.ts';
import { createTestAuthority } from '../../cluster/certificates.ts';
import { injectionCases, REFERENCE_NAMESPACE, settingsWith } from '../../golden/injection/cases.ts';
import { type AdmissionSite, serveAdmission } from './admission-site.ts';
import { comparable, type InjectionCluster, startInjectionCluster, untilInjecting } from './injection-cluster.ts';
import { addContainers, assertOthersMeshed, OTHERS_PATH, othersWebhook, PLAIN } from './others.ts';

for (const release of ['oldest', 'newest'] as const) {
  describe(`on the ${release} Kubernetes the webhook makes of a pod what injectPod makes of it`, () => {
    const cleanUp = new AsyncDisposableStack();
    let cluster: InjectionCluster;
    let site: AdmissionSite;
    let settings: InjectionSettings = settingsWith();
    let configuration: KubernetesObject;

    const bundle = (pem: string) =>
      applyCaBundle(cluster.api, MUTATING_WEBHOOK_CONFIGURATION, INJECTION_WEBHOOK, pem, {
        fieldManager: CA_BUNDLE_MANAGER,
      });
    const ownBundle = () => bundle(site.authority.certificate);

    before(async () => {
      cluster = cleanUp.use(await startInjectionCluster(release));
      const routes = { [INJECTION_PATH]: injectionHandler(() => settings), [OTHERS_PATH]: addContainers };
      site = cleanUp.use(await serveAdmission(routes));
      configuration = injectionWebhook({ url: site.url(INJECTION_PATH) }, settings);
      assert.equal(await ownBundle(), 'absent');
      await cluster.apply([configuration]);
      assert.equal(await ownBundle(), 'written');
      await untilInjecting(cluster, settings.proxyImage);
    });
    after(() => cleanUp.disposeAsync());

    test('on the release that is meant', async () => {
      const version = release === 'oldest' ? /Server Version: v1\.34\./ : /Server Version: v1\.36\./;
      assert.match(await cluster.controlPlane.kubectl('version'), version);
    });

    for (const each of injectionCases()) {
      test(each.name, async () => {
        ({ settings } = each);
        const { namespace, pod } = each;
        const decision = decideInjection(pod, namespace, settings);
        const stored = await cluster.make(pod, namespace.name);
        if (decision.kind === 'refuse') {
          assert.ok('refused' in stored, 'the server takes it');
          const texts = decision.findings.map(findingText);
          for (const text of texts) assert.ok(stored.refused.includes(text), stored.refused);
          return;
        }
        assert.ok('pod' in stored, JSON.stringify(stored));
        const expected = decision.kind === 'inject' ? injectPod(pod, settings) : pod;
        const reference = await cluster.make(expected, REFERENCE_NAMESPACE);
        assert.ok('pod' in reference, JSON.stringify(reference));
        assert.deepEqual(comparable(stored.pod), comparable(reference.pod));
        if (decision.kind === 'leave') return;
        assert.deepEqual(jsonPatch(stored.pod, injectPod(stored.pod, settings)), [], 'nothing is left to be done');
      });
    }

    test('whoever applies the configuration sees no difference, before and after the certificates change', async () => {
      const { kubectl } = cluster.controlPlane;
      const diff = () =>
        kubectl.input(JSON.stringify(configuration), 'diff', '--server-side', '--field-manager=test', '-f', '-');
      assert.equal(await diff(), '');
      assert.equal(await ownBundle(), 'unchanged');
      const other = await createTestAuthority();
      assert.equal(await bundle(other.certificate), 'written');
      assert.equal(await diff(), '');
      assert.equal(await ownBundle(), 'written');
      await cluster.apply([configuration]);
      assert.equal(await ownBundle(), 'unchanged', 'to apply the rest again takes nothing away');
      assert.deepEqual(await bundleOwners(cluster), [CA_BUNDLE_MANAGER]);
    });

    test('no pod is left without a proxy when the webhook cannot be verified, and those of the cluster are made', async () => {
      settings = settingsWith();
      await bundle((await createTestAuthority()).certificate);
      // The API server keeps its connections, and asks over them until they end.
      await site.renewCertificate();
      const deadline = performance.now() + 30_000;
      let stored = await cluster.make(PLAIN, 'shop');
      while ('pod' in stored) {
        assert.ok(performance.now() < deadline, 'pods are made all the same');
        stored = await cluster.make(PLAIN, 'shop');
      }
      assert.match(stored.refused, /failed calling webhook "by-namespace\.inject\.mesh\.dot-kube\.io".*certificate/);
      const optedOut = { ...PLAIN, metadata: { name: 'a', labels: { 'mesh.dot-kube.io/inject': 'disabled' } } };
      for (const [pod, namespace] of [
        [PLAIN, 'kube-system'],
        [PLAIN, 'plain'],
        [optedOut, 'shop'],
      ] as const) {
        assert.ok('pod' in (await cluster.make(pod, namespace)), namespace);
      }
      await ownBundle();
      await untilInjecting(cluster, settings.proxyImage);
    });

    test('what others add after injection is asked through the proxy too, and starts after it', async () => {
      settings = settingsWith();
      await cluster.apply([othersWebhook(site)]);
      await assertOthersMeshed(cluster, settings);
    });
  });
}

describe('what others add after injection by a policy', () => {
  const cleanUp = new AsyncDisposableStack();
  let cluster: InjectionCluster;
  const settings = settingsWith();

  before(async () => {
    cluster = cleanUp.use(await startInjectionCluster());
    const site = cleanUp.use(await serveAdmission({ [OTHERS_PATH]: addContainers }));
    await cluster.apply([...injectionPolicies(settings), othersWebhook(site)]);
    await untilInjecting(cluster, settings.proxyImage);
  });
  after(() => cleanUp.disposeAsync());

  test('is asked through the proxy too, and starts after it', () => assertOthersMeshed(cluster, settings));
});

async function bundleOwners({ api }: InjectionCluster): Promise<readonly string[]> {
  const { metadata } = await api.get(MUTATING_WEBHOOK_CONFIGURATION, { name: INJECTION_WEBHOOK });
  const owns = (fields: unknown): boolean =>
    Object.entries(fieldOf(fields, 'f:webhooks') ?? {}).every(([, webhook]) =>
      jsonEqual(fieldOf(fieldOf(webhook, 'f:clientConfig'), 'f:caBundle'), {}),
    );
  return (metadata.managedFields ?? []).filter(({ fieldsV1 }) => owns(fieldsV1)).map(({ manager }) => manager);
}
