import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DEFAULT_INJECTION } from '../../operator/webhooks/injection/settings.ts';
import { PROXY_FILES } from '../../operator/webhooks/injection/names.ts';
import { NAMESPACE } from '../scenarios/bookstore.ts';
import { CALLER_LABEL } from '../scenarios/callers.ts';
import { describePods, E2eCluster, type PodObject } from './harness/cluster.ts';
import { named, podTemplate, programContainer, programText } from './harness/objects.ts';

/** gRPC: the caller has not said who it is, in a way that is believed. */
const UNAUTHENTICATED = 16;
/** gRPC: not now. */
const UNAVAILABLE = 14;

interface Answer {
  readonly grpcStatus?: number;
  readonly message?: string;
  readonly identities: readonly string[];
  readonly bytes: number;
  readonly error?: string;
}

/** What asks the control plane: with which token, as which node, in a pod with a proxy or without. */
interface Asking {
  readonly name: string;
  readonly audience?: string;
  readonly node: string;
  readonly meshed: boolean;
}

const ROOTS = '/roots';
const TOKENS = '/tokens';
const identityOf = (serviceAccount: string): string => `spiffe://cluster.local/ns/${NAMESPACE}/sa/${serviceAccount}`;

describe('the control plane', () => {
  let cluster: E2eCluster;
  let stranger: string;
  before(async () => {
    cluster = await E2eCluster.open();
    const [pod] = await cluster.pods(NAMESPACE, `${CALLER_LABEL}=storefront`);
    stranger = `${NAMESPACE}/${pod?.metadata.name ?? ''}`;
  });
  after(async () => {
    await cluster.kubectl('delete', 'pod', '-n', NAMESPACE, '--ignore-not-found', '-l', 'app=asking');
    await cluster[Symbol.asyncDispose]();
  });

  /** Runs a pod of the service account `shopper` that asks for a certificate, and answers what it got. */
  const ask = async ({ audience, meshed, name, node }: Asking): Promise<Answer> => {
    const token = audience === undefined ? [] : [{ serviceAccountToken: { audience, path: 'token' } }];
    const volumes = [
      { name: 'roots', configMap: { name: DEFAULT_INJECTION.configMap } },
      ...(token.length === 0 ? [] : [{ name: 'tokens', projected: { sources: token } }]),
    ];
    const mounts = [
      { name: 'roots', mountPath: ROOTS, readOnly: true },
      ...(token.length === 0 ? [] : [{ name: 'tokens', mountPath: TOKENS, readOnly: true }]),
    ];
    const host = 'dot-kube-xds.dot-kube-system.svc';
    const container = programContainer({
      name: 'asking',
      image: cluster.imageName('bookstore'),
      program: await programText('xds-client'),
      env: {
        HOST: host,
        SERVER_NAME: host,
        PORT: '15010',
        ROOTS: `${ROOTS}/${PROXY_FILES.roots}`,
        NAMES: 'identity',
        NODE: node,
        ...(audience === undefined ? {} : { TOKEN: `${TOKENS}/token` }),
      },
      more: { volumeMounts: mounts },
    });
    const labels = { app: 'asking', ...(meshed ? {} : { 'mesh.dot-kube.io/inject': 'disabled' }) };
    const template = podTemplate({
      labels,
      serviceAccount: 'shopper',
      containers: [container],
      more: { restartPolicy: 'Never', volumes },
    }) as { readonly metadata: object; readonly spec: object };
    const metadata = { ...template.metadata, ...named(`asking-${name}`) };
    await cluster.apply([{ apiVersion: 'v1', kind: 'Pod', ...template, metadata }]);
    let last: PodObject | undefined;
    await cluster.eventually(
      `the pod asking-${name} has asked`,
      90,
      async () => {
        last = (await cluster.pods(NAMESPACE, 'app=asking')).find((pod) => pod.metadata.name === `asking-${name}`);
        const ended = last?.status.containerStatuses?.[0]?.state.terminated;
        return ended === undefined ? undefined : true;
      },
      () => (last === undefined ? 'no pod' : describePods([last])),
    );
    return JSON.parse(await cluster.kubectl('logs', '-n', NAMESPACE, `asking-${name}`, '-c', 'asking')) as Answer;
  };

  test('gives nothing to a pod without the token', { timeout: 110_000 }, async () => {
    const none = await ask({ name: 'without', node: `${NAMESPACE}/asking-without`, meshed: false });
    assert.deepEqual([none.grpcStatus, none.bytes], [UNAUTHENTICATED, 0], JSON.stringify(none));
  });

  test('gives nothing for a token that is made for somebody else', { timeout: 110_000 }, async () => {
    const audience = 'https://kubernetes.default.svc.cluster.local';
    const other = await ask({ name: 'audience', node: `${NAMESPACE}/asking-audience`, audience, meshed: false });
    assert.deepEqual([other.grpcStatus, other.bytes], [UNAUTHENTICATED, 0], JSON.stringify(other));
  });

  test('gives nothing to a pod that has no proxy, whatever token it asks for', { timeout: 110_000 }, async () => {
    const node = `${NAMESPACE}/asking-left-out`;
    const left = await ask({ name: 'left-out', node, audience: 'dot-kube', meshed: false });
    // It is told to come again, as a pod that is about to have a proxy would be.
    assert.deepEqual([left.grpcStatus, left.bytes], [UNAVAILABLE, 0], JSON.stringify(left));
  });

  test('gives nothing to a pod of the mesh that goes by the name of another', { timeout: 110_000 }, async () => {
    const posing = await ask({ name: 'posing', node: stranger, audience: 'dot-kube', meshed: true });
    assert.deepEqual([posing.grpcStatus, posing.bytes], [UNAUTHENTICATED, 0], JSON.stringify(posing));
  });

  test('gives a pod of the mesh its own', { timeout: 110_000 }, async () => {
    const node = `${NAMESPACE}/asking-itself`;
    const answer = await ask({ name: 'itself', node, audience: 'dot-kube', meshed: true });
    assert.deepEqual([answer.identities, answer.error], [[identityOf('shopper')], undefined], JSON.stringify(answer));
  });
});
