import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findingText } from '../../../operator/findings/index.ts';
import { fieldOf, jsonEqual } from '../../../operator/framework/api/json.ts';
import {
  AdmissionServer,
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
  type WebhookConfiguration,
} from '../../../operator/webhooks/injection/webhook/configuration.ts';
import { injectionHandler } from '../../../operator/webhooks/injection/webhook/injection-handler.ts';
import { createTestAuthority, type TestAuthority } from '../../cluster/certificates.ts';
import { type InjectionCase, injectionCases, REFERENCE_NAMESPACE, settingsWith } from '../../golden/injection/cases.ts';
import { comparable, type InjectionCluster, startInjectionCluster, untilInjecting } from './injection-cluster.ts';

const CASES = injectionCases();
const PLAIN = { metadata: { name: 'a' }, spec: { containers: [{ name: 'app', image: 'app' }] } };

describe('the webhook makes of a pod what injectPod makes of it', () => {
  const cleanUp = new AsyncDisposableStack();
  let cluster: InjectionCluster;
  let authority: TestAuthority;
  let server: AdmissionServer;
  let settings: InjectionSettings = settingsWith();
  let configuration: KubernetesObject;

  const bundle = (pem: string) =>
    applyCaBundle(cluster.api, MUTATING_WEBHOOK_CONFIGURATION, INJECTION_WEBHOOK, pem, {
      fieldManager: CA_BUNDLE_MANAGER,
    });

  before(async () => {
    cluster = await startInjectionCluster();
    cleanUp.use(cluster);
    authority = await createTestAuthority();
    const { certificate: cert, key } = await authority.server(['webhook'], ['127.0.0.1']);
    server = new AdmissionServer({
      address: { host: '127.0.0.1', port: 0 },
      certificate: { cert, key },
      routes: { [INJECTION_PATH]: injectionHandler(() => settings) },
    });
    const stopping = new AbortController();
    const running = server.run(stopping.signal);
    cleanUp.defer(async () => {
      stopping.abort();
      await running;
    });
    await server.started();
    configuration = injectionWebhook({ url: `https://127.0.0.1:${server.port}${INJECTION_PATH}` }, settings);
    assert.equal(await bundle(authority.certificate), 'absent');
    await cluster.apply([configuration]);
    assert.equal(await bundle(authority.certificate), 'written');
    await untilInjecting(cluster, settings.proxyImage);
  });
  after(() => cleanUp.disposeAsync());

  for (const each of CASES) {
    test(each.name, async () => {
      ({ settings } = each);
      const { namespace, pod } = each;
      const decision = decideInjection(pod, namespace, settings);
      const stored = await cluster.make(pod, namespace.name);
      if (decision.kind === 'refuse') {
        assert.ok('refused' in stored, 'the server takes it');
        for (const text of decision.findings.map(findingText)) assert.ok(stored.refused.includes(text), stored.refused);
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
    assert.equal(await bundle(authority.certificate), 'unchanged');
    const other = await createTestAuthority();
    assert.equal(await bundle(other.certificate), 'written');
    assert.equal(await diff(), '');
    assert.equal(await bundle(authority.certificate), 'written');
    await cluster.apply([configuration]);
    assert.equal(await bundle(authority.certificate), 'unchanged', 'to apply the rest again takes nothing away');
    assert.deepEqual(await bundleOwners(cluster), [CA_BUNDLE_MANAGER]);
  });

  test('no pod is left without a proxy when the webhook cannot be verified, and those of the cluster are made', async () => {
    settings = settingsWith();
    await bundle((await createTestAuthority()).certificate);
    // The API server keeps its connections, and asks over them until they end.
    const { certificate: cert, key } = await authority.server(['webhook'], ['127.0.0.1']);
    server.setCertificate({ cert, key });
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
    await bundle(authority.certificate);
    await untilInjecting(cluster, settings.proxyImage);
  });
});

describe('what others add after injection', () => {
  const cleanUp = new AsyncDisposableStack();
  let cluster: InjectionCluster;
  const settings = settingsWith();
  const added = { name: 'added', image: 'added', readinessProbe: { httpGet: { path: '/ready', port: 9090 } } };

  before(async () => {
    cluster = await startInjectionCluster();
    cleanUp.use(cluster);
    const authority = await createTestAuthority();
    const { certificate: cert, key } = await authority.server(['webhook'], ['127.0.0.1']);
    const server = new AdmissionServer({
      address: { host: '127.0.0.1', port: 0 },
      certificate: { cert, key },
      routes: { '/add': ({ object }) => ({ kind: 'allow', patch: jsonPatch(object, withContainers(object, added)) }) },
    });
    const stopping = new AbortController();
    const running = server.run(stopping.signal);
    cleanUp.defer(async () => {
      stopping.abort();
      await running;
    });
    await server.started();
    await cluster.apply([...injectionPolicies(settings), othersWebhook(server.port, authority.certificate)]);
    await untilInjecting(cluster, settings.proxyImage);
  });
  after(() => cleanUp.disposeAsync());

  test('is asked through the proxy too, and starts after it', async () => {
    const deadline = performance.now() + 30_000;
    const expected = withContainers(PLAIN, added) as InjectionCase['pod'];
    const reference = await cluster.make(injectPod(expected, settings), REFERENCE_NAMESPACE);
    assert.ok('pod' in reference, JSON.stringify(reference));
    for (;;) {
      const stored = await cluster.make(PLAIN, 'shop');
      assert.ok('pod' in stored, JSON.stringify(stored));
      if (stored.pod.spec?.containers?.length === 1) {
        assert.ok(performance.now() < deadline, 'nothing is added');
        continue;
      }
      return assert.deepEqual(comparable(stored.pod), comparable(reference.pod));
    }
  });
});

function withContainers(object: Pick<KubernetesObject, 'spec'> | undefined, added: { readonly name: string }): unknown {
  const {
    containers = [],
    initContainers = [],
    ...spec
  } = (object?.spec ?? {}) as {
    containers?: readonly { name: string }[];
    initContainers?: readonly { name: string }[];
  };
  if (containers.some(({ name }) => name === added.name)) return object;
  const first = { name: 'first', image: 'first' };
  // Some insist on being the first of all.
  return {
    ...object,
    spec: { ...spec, containers: [...containers, added], initContainers: [first, ...initContainers] },
  };
}

function othersWebhook(port: number, certificate: string): WebhookConfiguration {
  const webhook = {
    name: 'others.example.com',
    admissionReviewVersions: ['v1'],
    clientConfig: { url: `https://127.0.0.1:${port}/add`, caBundle: Buffer.from(certificate).toString('base64') },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    sideEffects: 'None',
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'others' },
    webhooks: [webhook],
  };
}

async function bundleOwners({ api }: InjectionCluster): Promise<readonly string[]> {
  const { metadata } = await api.get(MUTATING_WEBHOOK_CONFIGURATION, { name: INJECTION_WEBHOOK });
  const owns = (fields: unknown): boolean =>
    Object.entries(fieldOf(fields, 'f:webhooks') ?? {}).every(([, webhook]) =>
      jsonEqual(fieldOf(fieldOf(webhook, 'f:clientConfig'), 'f:caBundle'), {}),
    );
  return (metadata.managedFields ?? []).filter(({ fieldsV1 }) => owns(fieldsV1)).map(({ manager }) => manager);
}
