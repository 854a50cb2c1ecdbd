import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CATALOG, describeResult, meshObject, NAMESPACE, policies } from '../scenarios/bookstore.ts';
import { CALLER_LABEL } from '../scenarios/callers.ts';
import type { CallBatch, CallRequest, CallResult } from '../scenarios/calls.ts';
import { ScenarioMesh } from '../scenarios/index.ts';
import { E2eCluster, isReady, type PodObject, ROOT } from './harness/cluster.ts';
import { ClusterDriver } from './harness/cluster-driver.ts';
import { addEphemeralContainer } from './harness/ephemeral.ts';
import { programContainer } from './harness/objects.ts';

const PROXY_USER = 15_001;
const PORT = 9_910;
const LATE_MS = 3_000;

const GENERATE = meshObject('MeshPolicy', 'shadow', {
  selector: { matchLabels: { app: 'catalog' } },
  networkPolicy: 'Generate',
});

// A cluster of one's own may enforce NetworkPolicies, or not: whoever has it knows.
const ENFORCED = process.env['DOT_KUBE_NETWORK_POLICY'] === 'enforced';
const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';
const skip = EXTERNAL && !ENFORCED && 'DOT_KUBE_NETWORK_POLICY is not set to enforced';

describe('where the network enforces the NetworkPolicies that policies are said in', { skip }, () => {
  const scope = new AsyncDisposableStack();
  let cluster: E2eCluster;
  let mesh: ScenarioMesh;
  let catalog: PodObject;
  let bypass: string;

  before(async () => {
    cluster = scope.use(await E2eCluster.open());
    mesh = new ScenarioMesh(new ClusterDriver(cluster));
    scope.use(await cluster.cluster.enforceNetworkPolicies());
    const who = await policies('who-may-call.yaml', 'catalog-for-storefront');
    scope.defer(() => mesh.driver.remove([...who, GENERATE]));
    await mesh.enforce(...who);
    [catalog] = (await cluster.pods(NAMESPACE, 'app=catalog')).filter(isReady) as [PodObject];
    bypass = await startBypass(cluster);
  });
  after(() => scope.disposeAsync());

  /** The pod itself, not its Service. */
  const direct = (): CallRequest => ({ ...CATALOG, to: catalog.status.podIP ?? '', timeoutMs: LATE_MS });
  /** A call of a process in the pod of a meshed caller, whose connections its proxy does not get. */
  const pastTheProxy = async (): Promise<CallResult> => {
    const batch: CallBatch = { call: direct(), count: 1, concurrency: 1 };
    const headers = { connection: 'close' };
    const answer = await fetch(`http://${bypass}/calls`, { method: 'POST', body: JSON.stringify(batch), headers });
    const [result] = (await answer.json()) as readonly CallResult[];
    assert.ok(result !== undefined);
    return result;
  };
  /** Whether nothing at all came back: a proxy that refuses says so at once. */
  const isSilent = ({ durationMs, status }: CallResult): boolean => status === -1 && durationMs >= LATE_MS - 100;
  const until = (what: string, call: () => Promise<CallResult>, fits: (result: CallResult) => boolean) => {
    let last: CallResult | undefined;
    const look = async () => (fits((last = await call())) ? last : undefined);
    return cluster.eventually(what, 60, look, () => last && describeResult(last));
  };

  test('without them a connection past the caller’s proxy reaches the other one, which refuses it', async () => {
    const refused = await until('it is refused', pastTheProxy, (result) => !isSilent(result));
    assert.ok(refused.status === 403 || refused.error === 'ECONNRESET', describeResult(refused));
  });

  test('with them it reaches nothing, nor does one of a pod without a proxy', { timeout: 180_000 }, async () => {
    await mesh.enforce(GENERATE);
    await until('the network takes no connection past the proxy', pastTheProxy, isSilent);
    const unmeshed = await mesh.call('outsider', direct());
    assert.ok(isSilent(unmeshed), describeResult(unmeshed));
  });

  test('who is allowed is let in and so is the kubelet, and who is not gets no answer through proxies either', async () => {
    for (const _ of Array.from({ length: 6 })) {
      const allowed = await mesh.call('storefront', CATALOG);
      assert.equal(allowed.status, 200, describeResult(allowed));
    }
    const other = await mesh.call('shopper', CATALOG);
    assert.notEqual(other.status, 200, describeResult(other));
    const [still] = (await cluster.pods(NAMESPACE, 'app=catalog')).filter(
      ({ metadata }) => metadata.name === catalog.metadata.name,
    );
    assert.ok(still !== undefined && isReady(still));
  });

  test('not even a pod whose capture is gone is reached past its proxy', { timeout: 180_000 }, async () => {
    const remove = ['delete', 'pod', '-n', NAMESPACE, catalog.metadata.name, '--wait=false'];
    scope.defer(async () => void (await cluster.kubectl(...remove)));
    await addEphemeralContainer(cluster, catalog, {
      name: 'breaks-capture',
      image: cluster.imageName('proxy'),
      imagePullPolicy: 'IfNotPresent',
      command: ['/usr/sbin/nft', 'flush', 'ruleset'],
      securityContext: { runAsUser: 0, runAsNonRoot: false, capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] } },
    });
    const silent = await pastTheProxy();
    assert.ok(isSilent(silent), describeResult(silent));
    await mesh.driver.remove([GENERATE]);
    // What the network has kept from the application is now there for everybody.
    const open = await until('the application itself answers', pastTheProxy, ({ status }) => status === 200);
    assert.equal(open.headers['server'], undefined);
  });
});

/** Puts a process with the proxy's user into the pod of the shopper; returns where it takes its orders. */
async function startBypass(cluster: E2eCluster): Promise<string> {
  const [pod] = (await cluster.pods(NAMESPACE, `${CALLER_LABEL}=shopper`)).filter(isReady);
  assert.ok(pod !== undefined, 'the shopper does not run');
  const program = await readFile(join(ROOT, 'test/scenarios/caller.ts'), 'utf8');
  const { resources: _, ...container } = programContainer({
    name: 'bypass',
    image: cluster.imageName('bookstore'),
    program,
    env: { RESOLVE: 'dns', CONTROL_PORT: String(PORT) },
  }) as { name: string; resources: object; securityContext: object };
  const securityContext = { ...container.securityContext, runAsUser: PROXY_USER };
  await addEphemeralContainer(cluster, pod, { ...container, securityContext });
  const address = await cluster.forward(NAMESPACE, pod.metadata.name, PORT);
  const empty: CallBatch = { call: { to: '', port: 0 }, count: 0, concurrency: 1 };
  await cluster.eventually('the process takes orders', 60, async () => {
    const answer = await fetch(`http://${address}/calls`, { method: 'POST', body: JSON.stringify(empty) }).catch(
      () => undefined,
    );
    return answer?.ok === true ? true : undefined;
  });
  return address;
}
