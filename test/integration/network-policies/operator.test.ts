import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AUTHORIZATION_POLICY,
  MESH_POLICY,
  NETWORK_POLICY,
  type AuthorizationPolicySpec,
  type MeshPolicySpec,
  type NetworkPolicy,
} from '../../../operator/api/index.ts';
import type { KubernetesObject } from '../../../operator/framework/index.ts';
import { MeshCluster, type OperatorProcess, startOperator, SYSTEM_NAMESPACE } from '../harness/index.ts';

const NAMESPACE = 'shop';
const GROUP = 'mesh.dot-kube.io/v1alpha1';
const CALLERS: AuthorizationPolicySpec = {
  selector: { matchLabels: { app: 'ratings' } },
  action: 'Allow',
  rules: [{ from: [{ serviceAccounts: ['reviews'] }], to: [{ ports: [8080] }] }],
};

describe('the NetworkPolicies of an operator, on a real API server,', () => {
  const scope = new AsyncDisposableStack();
  let cluster: MeshCluster;
  let operator: OperatorProcess;

  before(async () => {
    cluster = scope.use(await MeshCluster.start());
    await cluster.namespace(NAMESPACE);
    await cluster.apply(meshed('ratings'), meshed('reviews'));
    operator = scope.use(await startOperator({ kubeconfig: cluster.kubeconfig, timeoutMilliseconds: 60_000 }));
  });
  after(() => scope.disposeAsync());

  const list = async (): Promise<readonly NetworkPolicy[]> =>
    (await cluster.api.list<NetworkPolicy>(NETWORK_POLICY, { namespace: NAMESPACE })).items;

  /** Waits until what is there is as it should be, and returns it. */
  async function until(isSo: (policies: readonly NetworkPolicy[]) => boolean): Promise<readonly NetworkPolicy[]> {
    for (const deadline = performance.now() + 20_000; ; await delay(50)) {
      const policies = await list();
      if (isSo(policies)) return policies;
      if (performance.now() > deadline) throw new Error(`it stays at ${JSON.stringify(policies)}`);
    }
  }

  const only = async (isSo: (policy: NetworkPolicy) => boolean): Promise<NetworkPolicy> => {
    const [policy] = await until(([first, ...others]) => first !== undefined && others.length === 0 && isSo(first));
    return policy!;
  };

  test('are not there as long as nobody asks for them', async () => {
    await cluster.apply(authorization('callers', CALLERS));
    await delay(1000);
    assert.deepEqual(await list(), []);
  });

  test('are written where a policy asks for them, owned by the policies that they come from', async () => {
    await cluster.apply(meshPolicy('shadow', { networkPolicy: 'Generate' }));
    const { metadata, spec } = await only(() => true);
    const stored = await Promise.all([
      cluster.api.get(AUTHORIZATION_POLICY, { namespace: NAMESPACE, name: 'callers' }),
      cluster.api.get(MESH_POLICY, { namespace: NAMESPACE, name: 'shadow' }),
    ]);
    assert.deepEqual(
      metadata.ownerReferences,
      stored.map(({ metadata: { name, uid } }, at) => ({
        apiVersion: GROUP,
        kind: ['AuthorizationPolicy', 'MeshPolicy'][at],
        name,
        uid,
      })),
    );
    assert.equal(
      metadata.annotations?.['mesh.dot-kube.io/comes-from'],
      'AuthorizationPolicy/shop/callers,MeshPolicy/shop/shadow',
    );
    assert.deepEqual(
      (metadata.managedFields ?? []).map((each) => [each['manager'], each['operation']]),
      [['dot-kube-operator', 'Apply']],
    );
    assert.deepEqual(spec, {
      podSelector: { matchLabels: { app: 'ratings', 'mesh.dot-kube.io/status': 'injected' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          ports: [{ protocol: 'TCP', port: 15020, endPort: 15021 }, { protocol: 'SCTP' }, { protocol: 'UDP' }],
        },
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': NAMESPACE } },
              podSelector: {
                matchLabels: { 'mesh.dot-kube.io/status': 'injected' },
                matchExpressions: [{ key: 'mesh.dot-kube.io/service-account', operator: 'In', values: ['reviews'] }],
              },
            },
          ],
          ports: [{ protocol: 'TCP', port: 8080 }],
        },
      ],
    });
  });

  test('follow the policy', async () => {
    await cluster.apply(authorization('callers', { ...CALLERS, rules: [{ from: [{ serviceAccounts: ['web'] }] }] }));
    const { spec } = await only((policy) => JSON.stringify(policy.spec).includes('"web"'));
    assert.deepEqual(spec?.ingress?.[1]?.ports, [{ protocol: 'TCP' }]);
  });

  test('come back as they were when somebody edits or deletes them', async () => {
    const before = await only(() => true);
    await cluster.api.apply(
      NETWORK_POLICY,
      { ...reference(before), spec: { podSelector: {}, ingress: [] } },
      { fieldManager: 'somebody', force: true },
    );
    const restored = await only(({ metadata, spec }) => {
      return metadata.resourceVersion !== before.metadata.resourceVersion && (spec?.ingress?.length ?? 0) > 0;
    });
    assert.deepEqual(restored.spec, before.spec);
    await cluster.api.delete(NETWORK_POLICY, { namespace: NAMESPACE, name: before.metadata.name });
    const remade = await only(({ metadata }) => metadata.uid !== before.metadata.uid);
    assert.deepEqual(remade.spec, before.spec);
  });

  test('are not written when nothing has changed: by a restart, a label of somebody else or a request rule', async () => {
    const before = await only(() => true);
    await cluster.api.apply(
      NETWORK_POLICY,
      { ...reference(before), metadata: { ...reference(before).metadata, labels: { team: 'a' } } },
      { fieldManager: 'somebody', force: true },
    );
    const labelled = await only(({ metadata }) => metadata.labels?.['team'] === 'a');
    await operator.stop();
    operator = scope.use(await startOperator({ kubeconfig: cluster.kubeconfig, timeoutMilliseconds: 60_000 }));
    const spec: AuthorizationPolicySpec = {
      selector: { matchLabels: { app: 'ratings' } },
      action: 'Deny',
      rules: [{ to: [{ methods: ['DELETE'] }] }],
    };
    // What is denied here, the network cannot see; the policy that says so is named all the same.
    await cluster.apply(authorization('requests', { ...spec, mode: 'DryRun' }));
    await delay(3000);
    const after = await only(() => true);
    assert.equal(after.metadata.resourceVersion, labelled.metadata.resourceVersion);
  });

  test('go with what they come from', async () => {
    await cluster.api.delete(AUTHORIZATION_POLICY, { namespace: NAMESPACE, name: 'callers' });
    await until((policies) => policies.length === 0);
    await cluster.apply(meshPolicy('strict', { mtls: { mode: 'Strict' } }));
    await only(({ spec }) => JSON.stringify(spec?.ingress).includes('"namespaceSelector":{}'));
    await cluster.api.delete(MESH_POLICY, { namespace: NAMESPACE, name: 'shadow' });
    await until((policies) => policies.length === 0);
  });

  test('come from a policy of the whole mesh too, which cannot own them, and go while the operator was away', async () => {
    const mesh = { apiVersion: GROUP, kind: 'MeshPolicy', metadata: { namespace: SYSTEM_NAMESPACE, name: 'all' } };
    await cluster.api.delete(MESH_POLICY, { namespace: NAMESPACE, name: 'strict' });
    await cluster.apply({ ...mesh, spec: { networkPolicy: 'Generate', mtls: { mode: 'Strict' } } });
    const { metadata } = await only(() => true);
    assert.equal(metadata.ownerReferences, undefined);
    assert.equal(metadata.annotations?.['mesh.dot-kube.io/comes-from'], `MeshPolicy/${SYSTEM_NAMESPACE}/all`);
    await operator.stop();
    await cluster.api.delete(MESH_POLICY, { namespace: SYSTEM_NAMESPACE, name: 'all' });
    operator = scope.use(await startOperator({ kubeconfig: cluster.kubeconfig, timeoutMilliseconds: 60_000 }));
    await until((policies) => policies.length === 0);
  });
});

/** A pod as injection leaves it, which runs as the account of its name. */
function meshed(name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: NAMESPACE,
      name: `${name}-0`,
      labels: {
        app: name,
        'mesh.dot-kube.io/status': 'injected',
        'mesh.dot-kube.io/service-account': name,
      },
    },
    spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'x' }] },
  };
}

function authorization(name: string, spec: AuthorizationPolicySpec): KubernetesObject {
  return {
    apiVersion: GROUP,
    kind: 'AuthorizationPolicy',
    metadata: { namespace: NAMESPACE, name },
    spec,
  };
}

function meshPolicy(name: string, spec: MeshPolicySpec): KubernetesObject {
  return { apiVersion: GROUP, kind: 'MeshPolicy', metadata: { namespace: NAMESPACE, name }, spec };
}

function reference({ apiVersion, kind, metadata: { namespace = '', name } }: NetworkPolicy) {
  return { apiVersion, kind, metadata: { namespace, name } };
}
