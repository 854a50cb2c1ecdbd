import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { POD, type Pod } from '../../../operator/api/core.ts';
import { fieldOf } from '../../../operator/framework/api/json.ts';
import { ApiError, EVENT, MUTATING_WEBHOOK_CONFIGURATION } from '../../../operator/framework/index.ts';
import { SECRET } from '../../../operator/identity/index.ts';
import {
  DEFAULT_INJECTION,
  INJECTION_PATH,
  INJECTION_WEBHOOK,
  injectionWebhook,
} from '../../../operator/webhooks/index.ts';
import { freePort } from '../../tools/free-port.ts';
import { MeshCluster, type OperatorProcess, startOperator, SYSTEM_NAMESPACE } from '../harness/index.ts';
import { eventually } from './eventually.ts';
import { rootOf, tlsSecret } from './given-secret.ts';

const IMAGE = 'registry.example/dot-kube/proxy:test';
const FLAGS =
  `--injection webhook --webhook-name 127.0.0.1 --proxy-image ${IMAGE} --ca-secret given --root-change-hold 2`.split(
    ' ',
  );
const INJECT = 'mesh.dot-kube.io/inject';

describe('injection by the webhook of the operator’s process', () => {
  const cleanUp = new AsyncDisposableStack();
  let cluster: MeshCluster;
  let operator: OperatorProcess;
  let port: number;

  const start = () =>
    startOperator({
      kubeconfig: cluster.kubeconfig,
      flags: FLAGS.concat('--webhook-address', `127.0.0.1:${port}`),
      timeoutMilliseconds: 60_000,
    });
  const pod = (name: string, more: Partial<Pod['spec']> = {}): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { serviceAccountName: 'default', containers: [{ name: 'app', image: 'app' }], ...more },
  });
  /** The image of the proxy of a pod as it would be stored, or why it would not be. */
  const tried = async (): Promise<string | undefined> => {
    try {
      const { spec } = await cluster.api.create(POD, pod('tried'), { dryRun: true });
      return spec?.initContainers?.find(({ name }) => name === 'dot-kube-proxy')?.image;
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
  };
  const bundle = async (): Promise<string> => {
    const live = await cluster.api.get(MUTATING_WEBHOOK_CONFIGURATION, { name: INJECTION_WEBHOOK });
    const [first] = fieldOf(live, 'webhooks') as readonly { clientConfig: { caBundle?: string } }[];
    return Buffer.from(first?.clientConfig.caBundle ?? '', 'base64').toString();
  };

  before(async () => {
    // Where policies cannot inject.
    cluster = cleanUp.use(await MeshCluster.start({ release: 'oldest' }));
    port = await freePort();
    await cluster.api.create(SECRET, await tlsSecret('given', SYSTEM_NAMESPACE));
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: { [INJECT]: 'enabled' } },
    });
    operator = await start();
    cleanUp.defer(() => operator.stop());
    const settings = { ...DEFAULT_INJECTION, proxyImage: IMAGE };
    const url = `https://127.0.0.1:${port}${INJECTION_PATH}`;
    const options = { fieldManager: 'installer', force: true };
    await cluster.api.apply(MUTATING_WEBHOOK_CONFIGURATION, injectionWebhook({ url }, settings), options);
  });
  after(() => cleanUp.disposeAsync());

  test('gives pods their proxies once the caBundle is written, by a manager of its own', async () => {
    await eventually(tried, (image) => image === IMAGE, 30_000);
    const { metadata } = await cluster.api.get(MUTATING_WEBHOOK_CONFIGURATION, { name: INJECTION_WEBHOOK });
    const managers = metadata.managedFields?.map(({ manager }) => manager).sort();
    assert.deepEqual(managers, ['dot-kube-ca-bundle', 'installer']);
    const fields = metadata.managedFields?.find(({ manager }) => manager === 'dot-kube-ca-bundle')?.fieldsV1;
    assert.match(JSON.stringify(fields), /f:caBundle/);
    assert.doesNotMatch(JSON.stringify(fields), /f:url|f:rules/);
    assert.equal((await bundle()).trim(), (await operator.rootsPem()).trim());
  });

  test('goes on while the root changes: the API server takes every certificate that the webhook has', async () => {
    const second = await tlsSecret('given', SYSTEM_NAMESPACE);
    await cluster.api.replace(SECRET, second);
    const deadline = performance.now() + 60_000;
    const bundles = new Set<string>();
    for (let now = await bundle(); now.trim() !== rootOf(second).trim(); now = await bundle()) {
      assert.ok(performance.now() < deadline, operator.text().slice(-2000));
      bundles.add(now);
      assert.equal(await tried(), IMAGE);
    }
    assert.equal(bundles.size, 2, 'the old one, and both');
    assert.equal(await tried(), IMAGE);
  });

  test('tells of pods that have none', async () => {
    await cluster.api.create(POD, pod('on-node', { hostNetwork: true }));
    const notes = async (): Promise<readonly (string | undefined)[]> =>
      (await cluster.api.list(EVENT, { namespace: 'shop' })).items.map(({ note }) => note);
    await eventually(notes, (all) => all.some((note) => note?.startsWith('DK4101 spec.hostNetwork')));
  });

  test('makes no pod while no webhook answers, and makes it as soon as one does', async () => {
    await operator.stop();
    assert.match((await tried()) ?? 'a pod without a proxy', /failed calling webhook/);
    operator = await start();
    await eventually(tried, (image) => image === IMAGE, 30_000);
  });
});
