import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NAMESPACE } from '../../../operator/api/core.ts';
import { injectPod } from '../../../operator/webhooks/injection/inject-pod.ts';
import { CAPTURE_CONTAINER } from '../../../operator/webhooks/injection/names.ts';
import type { PodShape } from '../../../operator/webhooks/injection/pod-shape.ts';
import type { InjectionSettings } from '../../../operator/webhooks/injection/settings.ts';
import { settingsWith } from '../../golden/injection/cases.ts';
import { type InjectionCluster, startInjectionCluster } from './injection-cluster.ts';

const GUARDED = 'guarded';
/** An application that meets the restricted profile. */
const APPLICATION: PodShape = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: GUARDED },
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'web',
        image: 'web',
        livenessProbe: { httpGet: { path: '/healthz', port: 8080 } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  } as PodShape['spec'] & object,
};

describe('a namespace that enforces the restricted Pod Security Standard', () => {
  let cluster: InjectionCluster;
  before(async () => {
    cluster = await startInjectionCluster();
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: GUARDED, labels } };
    await cluster.api.apply(NAMESPACE, namespace, { fieldManager: 'test' });
  });
  after(() => cluster[Symbol.asyncDispose]());

  const verdict = async (settings: InjectionSettings): Promise<string> => {
    const made = await cluster.make(injectPod(APPLICATION, settings), GUARDED);
    return 'refused' in made ? made.refused : 'taken';
  };

  test('takes pods whose connections the CNI plugin captures: the proxy meets it', async () => {
    assert.equal(await verdict(settingsWith({ capture: 'cni' })), 'taken');
  });

  test('finds in others the container that captures alone, and of capabilities NET_ADMIN alone', async () => {
    const refused = await verdict(settingsWith());
    assert.match(refused, /violates PodSecurity "restricted:latest"/);
    assert.match(
      refused,
      new RegExp(`"${CAPTURE_CONTAINER}" must not include "NET_ADMIN" in securityContext.capabilities.add`),
    );
    const blamed = [...refused.matchAll(/container "([^"]*)"/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(blamed)], [CAPTURE_CONTAINER], refused);
  });
});
