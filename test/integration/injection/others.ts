import assert from 'node:assert/strict';
import type { AdmissionHandler } from '../../../operator/framework/index.ts';
import { jsonPatch } from '../../../operator/framework/index.ts';
import { injectPod } from '../../../operator/webhooks/injection/inject-pod.ts';
import type { PodShape } from '../../../operator/webhooks/injection/pod-shape.ts';
import type { InjectionSettings } from '../../../operator/webhooks/injection/settings.ts';
import type { WebhookConfiguration } from '../../../operator/webhooks/injection/webhook/configuration.ts';
import { REFERENCE_NAMESPACE } from '../../golden/injection/cases.ts';
import type { AdmissionSite } from './admission-site.ts';
import { comparable, type InjectionCluster } from './injection-cluster.ts';

/** Where the webhook of somebody else is. */
export const OTHERS_PATH = '/add';

/** A pod that asks for nothing. */
export const PLAIN: PodShape = { metadata: { name: 'a' }, spec: { containers: [{ name: 'app', image: 'app' }] } };

const ADDED = { name: 'added', image: 'added', readinessProbe: { httpGet: { path: '/ready', port: 9090 } } };
const FIRST = { name: 'first', image: 'first' };

/** Adds a container with a probe, and an init container that insists on being the first of all. */
export const addContainers: AdmissionHandler = ({ object }) => ({
  kind: 'allow',
  patch: jsonPatch(object, withContainers((object ?? {}) as PodShape)),
});

function withContainers(pod: PodShape): PodShape {
  const containers = pod.spec?.containers ?? [];
  if (containers.some(({ name }) => name === ADDED.name)) return pod;
  const initContainers = [FIRST, ...(pod.spec?.initContainers ?? [])];
  return { ...pod, spec: { ...pod.spec, containers: [...containers, ADDED], initContainers } };
}

/** Asks somebody else's webhook about pods, after ours: by name. */
export function othersWebhook(site: AdmissionSite): WebhookConfiguration {
  const caBundle = Buffer.from(site.authority.certificate).toString('base64');
  const webhook = {
    name: 'others.example.com',
    admissionReviewVersions: ['v1'],
    clientConfig: { url: site.url(OTHERS_PATH), caBundle },
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

/** Asserts that what the webhook of somebody else adds to a pod is part of the mesh. */
export async function assertOthersMeshed(cluster: InjectionCluster, settings: InjectionSettings): Promise<void> {
  const reference = await cluster.make(injectPod(withContainers(PLAIN), settings), REFERENCE_NAMESPACE);
  assert.ok('pod' in reference, JSON.stringify(reference));
  const deadline = performance.now() + 30_000;
  for (;;) {
    const stored = await cluster.make(PLAIN, 'shop');
    assert.ok('pod' in stored, JSON.stringify(stored));
    if (stored.pod.spec?.containers?.length !== 1) {
      return assert.deepEqual(comparable(stored.pod), comparable(reference.pod));
    }
    assert.ok(performance.now() < deadline, 'nothing is added');
  }
}
