import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { findingText } from '../../../operator/findings/index.ts';
import { fieldOf } from '../../../operator/framework/api/json.ts';
import { decideInjection } from '../../../operator/webhooks/injection/decide.ts';
import { injectPod } from '../../../operator/webhooks/injection/inject-pod.ts';
import { injectionPolicies } from '../../../operator/webhooks/injection/policy/policies.ts';
import type { ContainerShape } from '../../../operator/webhooks/injection/pod-shape.ts';
import type { InjectionSettings } from '../../../operator/webhooks/injection/settings.ts';
import { injectionCases, type InjectionCase, REFERENCE_NAMESPACE, settingsWith } from '../../golden/injection/cases.ts';
import { arbitraryPod } from '../../gen/arbitrary-pods.ts';
import { comparable, type InjectionCluster, startInjectionCluster, untilInjecting } from './injection-cluster.ts';

const CASES = injectionCases();

/** The cases by their settings, each of which is a policy of its own. */
const GROUPS = [...new Set(CASES.map(({ settings }) => JSON.stringify(settings)))].map((text, at) => ({
  cases: CASES.filter(({ settings }) => JSON.stringify(settings) === text),
  // An image of its own tells whether the API server has this policy already.
  settings: { ...(JSON.parse(text) as InjectionSettings), proxyImage: `registry.example/dot-kube/proxy:${at}` },
}));

describe('the policy makes of a pod what injectPod makes of it', () => {
  let cluster: InjectionCluster;
  before(async () => {
    cluster = await startInjectionCluster();
  });
  after(() => cluster[Symbol.asyncDispose]());

  for (const { cases, settings } of GROUPS) {
    describe(`with capture ${settings.capture} of ${settings.families.join(' and ')}`, () => {
      before(async () => {
        await cluster.apply(injectionPolicies(settings));
        await untilInjecting(cluster, settings.proxyImage);
      });

      for (const each of cases) test(each.name, () => sameOnTheServer(cluster, each, settings));
    });
  }

  describe('with random pods', () => {
    const settings = settingsWith({ proxyImage: 'registry.example/dot-kube/proxy:random', families: ['ipv4', 'ipv6'] });
    const namespace = { name: 'shop', labels: { 'mesh.dot-kube.io/inject': 'enabled' } };
    before(async () => {
      await cluster.apply(injectionPolicies(settings));
      await untilInjecting(cluster, settings.proxyImage);
    });

    test('of all kinds', async () => {
      for (const pod of fc.sample(arbitraryPod, { numRuns: 60, seed: 7 })) {
        await sameOnTheServer(cluster, { name: '', folder: '', pod, namespace, settings }, settings);
      }
    });

    test('with more containers and probes than anybody has', async () => {
      const probe = (path: string) => ({ httpGet: { path, port: 'web' } });
      const containers = Array.from({ length: 40 }, (_, at) => ({
        name: `app-${at}`,
        image: 'app',
        ports: [{ name: 'web', containerPort: 8000 + at }],
        livenessProbe: probe('/live'),
        readinessProbe: { tcpSocket: { port: 'web' } },
        startupProbe: { grpc: { port: 8000 + at } },
        lifecycle: { postStart: probe('/started') },
      }));
      const pod = { metadata: { name: 'large' }, spec: { containers } };
      await sameOnTheServer(cluster, { name: '', folder: '', pod, namespace, settings }, settings);
    });
  });

  test('defaults and limits of a LimitRange hold for the containers of injection too', async () => {
    const { kubectl } = cluster.controlPlane;
    const limits = [
      {
        type: 'Container',
        default: { cpu: '500m', memory: '512Mi' },
        max: { cpu: '1' },
        defaultRequest: { cpu: '50m' },
      },
    ];
    const range = {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'limits', namespace: 'shop' },
      spec: { limits },
    };
    await kubectl.input(JSON.stringify(range), 'apply', '-f', '-');
    const pod = { metadata: { name: 'a' }, spec: { containers: [{ name: 'app', image: 'app' }] } };
    const deadline = performance.now() + 30_000;
    for (;;) {
      const stored = await cluster.make(pod, 'shop');
      assert.ok('pod' in stored, JSON.stringify(stored));
      assert.ok(performance.now() < deadline, JSON.stringify(stored.pod.spec));
      const [app] = stored.pod.spec?.containers ?? [];
      if (fieldOf(fieldOf(app?.['resources'], 'limits'), 'cpu') !== '500m') continue;
      const resources = stored.pod.spec?.initContainers?.map((container) => container['resources']);
      assert.deepEqual(resources, [
        { limits: { cpu: '500m', memory: '64Mi' }, requests: { cpu: '10m', memory: '16Mi' } },
        { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '20m', memory: '48Mi' } },
      ]);
      break;
    }
    await kubectl('delete', 'limitrange', 'limits', '-n', 'shop');
  });

  test('a pod on the network of its node is made, and whoever makes it is warned', async () => {
    const pod = CASES.find(({ name }) => name === 'a pod on the network of its node')?.pod;
    const { kubectl } = cluster.controlPlane;
    const words = ['create', '--dry-run=server', '--warnings-as-errors', '-f', '-'];
    await assert.rejects(
      kubectl.input(JSON.stringify(pod), ...words),
      /Warning: .*DK4101 spec\.hostNetwork: the pod gets no proxy.*(?:\n.*)*1 warning received/,
    );
  });

  test('a pod that should have a proxy and has none is refused', async () => {
    await cluster.controlPlane.kubectl('delete', 'mutatingadmissionpolicybindings', '--all');
    const pod = { metadata: { name: 'a' }, spec: { containers: [{ name: 'app', image: 'app' }] } };
    const deadline = performance.now() + 30_000;
    let answer = '';
    while (!answer.includes('DK4007 spec.initContainers: the pod is to have a proxy')) {
      assert.ok(performance.now() < deadline, answer);
      const stored = await cluster.make(pod, 'shop');
      answer = 'refused' in stored ? stored.refused : 'it is made';
    }
    assert.ok('pod' in (await cluster.make(pod, 'plain')));
  });
});

async function sameOnTheServer(
  cluster: InjectionCluster,
  { pod, namespace }: InjectionCase,
  settings: InjectionSettings,
): Promise<void> {
  const decision = decideInjection(pod, namespace, settings);
  const stored = await cluster.make(pod, namespace.name);
  if (decision.kind === 'refuse') {
    assert.ok('refused' in stored, 'the server takes it');
    // It names the first policy and rule that refuses.
    const texts = decision.findings.map(findingText);
    assert.ok(
      texts.some((text) => stored.refused.includes(text)),
      `${stored.refused}\ninstead of\n${texts.join('\n')}`,
    );
    return;
  }
  const asItIs = await cluster.make(pod, REFERENCE_NAMESPACE);
  assert.ok('pod' in stored, JSON.stringify(stored));
  assert.ok('pod' in asItIs, JSON.stringify(asItIs));
  if (decision.kind === 'leave') return assert.deepEqual(comparable(stored.pod), comparable(asItIs.pod));
  const reference = await cluster.make(injectPod(pod, settings), REFERENCE_NAMESPACE);
  assert.ok('pod' in reference, JSON.stringify(reference));
  assert.deepEqual(comparable(stored.pod), comparable(reference.pod), 'what the server was given first');
  assert.deepEqual(comparable(injectPod(asItIs.pod, settings)), comparable(reference.pod), 'what it has filled in');
  const limited = injectPod(withLimits(injectPod(pod, settings)), settings);
  const wanted = await cluster.make(limited, REFERENCE_NAMESPACE);
  const kept = await cluster.make(withLimits(injectPod(pod, settings)), namespace.name);
  assert.ok('pod' in wanted && 'pod' in kept, JSON.stringify([wanted, kept]));
  assert.deepEqual(comparable(kept.pod), comparable(wanted.pod), 'with limits of others');
  assert.notDeepEqual(comparable(kept.pod), comparable(reference.pod));
  for (const again of [injectPod(pod, settings), stored.pod, injectPod(pod, settingsWith({ drainSeconds: 7 }))]) {
    const twice = await cluster.make(withoutServerFields(again), namespace.name);
    assert.ok('pod' in twice, JSON.stringify(twice));
    assert.deepEqual(comparable(twice.pod), comparable(reference.pod), 'injected before');
  }
}

/** As somebody else adds them to each container. */
function withLimits(pod: InjectionCase['pod']): InjectionCase['pod'] {
  const added = (container: ContainerShape): ContainerShape => {
    const { limits, ...others } = (container['resources'] ?? {}) as { limits?: object };
    return { ...container, resources: { ...others, limits: { ...limits, cpu: '1', 'example.com/gpu': '1' } } };
  };
  return { ...pod, spec: { ...pod.spec, initContainers: (pod.spec?.initContainers ?? []).map(added) } };
}

function withoutServerFields({ metadata, spec }: InjectionCase['pod']): InjectionCase['pod'] {
  const { name, generateName, namespace, labels, annotations, ownerReferences } = metadata ?? {};
  const given = { name, generateName, namespace, labels, annotations, ownerReferences };
  return { spec: spec ?? {}, metadata: JSON.parse(JSON.stringify(given)) as NonNullable<typeof metadata> };
}
