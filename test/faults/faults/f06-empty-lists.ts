import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { resourceKind } from '../../../operator/framework/index.ts';
import type { Check, Fault, FaultContext } from '../fault.ts';
import { failuresOf } from '../harness/counts.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { SHOP } from '../harness/shop-objects.ts';
import { LyingProxy } from '../watch/lying-proxy.ts';

const RATE = 100;
/** How long the API server lies while it is watched, and when the control plane starts, in milliseconds. */
const LIES = { short: [4000, 4000], standard: [12_000, 8000], full: [50_000, 30_000] } as const;
const KINDS = ['namespaces', 'services', 'endpointslices', 'pods', 'authorizationpolicies', 'meshpolicies'];
/** Those of which every cluster has some. */
const NEVER_EMPTY = ['namespaces', 'services', 'endpointslices'];
const WEB = { name: 'web', selector: { app: 'web' } };
const OTHER = { name: 'other', selector: { app: 'web' } };

/** Lists with 200 and nothing in them: all Services, endpoints, pods and policies seem to be gone. */
export const F6: Fault = {
  id: 'F6',
  title:
    'The API server says, with 200, that there are no Services, endpoints, pods or policies: while it is watched, and when the control plane starts',
  expected: '0 failed; nothing is taken from proxies; metric and log say so; what is truly deleted goes within 2 s',
  isShort: false,
  run: emptyLists,
};

async function emptyLists({ size, scratch, say }: FaultContext): Promise<readonly Check[]> {
  const [watching, starting] = LIES[size];
  await using scope = new AsyncDisposableStack();
  const kubeconfig = join(scratch, 'kubeconfig');
  let proxy: LyingProxy | undefined;
  const mesh = scope.use(
    await FaultMesh.start({
      operatorKubeconfig: async (real) => {
        proxy = scope.use(await LyingProxy.before(real));
        await proxy.writeKubeconfig(kubeconfig);
        return kubeconfig;
      },
    }),
  );
  if (proxy === undefined) throw new Error('the operator does not go through the proxy');
  const [caller] = await mesh.start(
    { name: 'caller-0', app: 'caller', isCaller: true },
    { name: 'web-0', app: 'web' },
    { name: 'web-1', app: 'web' },
  );
  const [web = '', other = ''] = await mesh.services(WEB, OTHER);
  if (caller === undefined) throw new Error('no caller');
  for (const host of [web, other]) await untilStatus(() => caller.call(host, 80), 200);
  const removed = async (): Promise<number> =>
    (await caller.proxy.stat('cluster_manager.cluster_removed')) +
    (await caller.proxy.stat('listener_manager.listener_removed'));
  const before = await removed();
  await using load = await mesh.load(caller, { url: `http://${web}:80/`, rate: RATE });

  for (const kind of KINDS) proxy.lies.add(kind);
  proxy.expire();
  say(`lists of ${KINDS.length} kinds come empty for ${watching / 1000} s`);
  await delay(watching);
  const doubted = await doubtedKinds(mesh);
  proxy.lies.clear();
  await untilTrue(async () => (await doubtedKinds(mesh)).length === 0);
  const afterWatching = await load.soFar();

  say(`the control plane starts again, and lists come empty for ${starting / 1000} s`);
  for (const kind of NEVER_EMPTY) proxy.lies.add(kind);
  await mesh.killControlPlane();
  await mesh.startControlPlane('started');
  await delay(starting);
  const early = mesh.operator.text().includes('xDS is served');
  proxy.lies.clear();
  await mesh.operator.logged('xDS is served', 40_000);
  await delay(2000);
  const result = await load.stop();
  const gone = (await removed()) - before;

  const deletedAt = performance.now();
  await mesh.cluster.api.delete(resourceKind('discovery.k8s.io/v1', 'EndpointSlice'), {
    namespace: SHOP,
    name: 'other-1',
  });
  await untilStatus(() => caller.call(other, 80), 503);
  const deletion = performance.now() - deletedAt;
  return [
    {
      name: 'requests while the watched world seems empty',
      expected: '0 failed',
      measured: failuresOf(afterWatching),
      passed: afterWatching.failed === 0 && afterWatching.sent > RATE,
    },
    {
      name: 'all requests, with a start in an empty world',
      expected: '0 failed',
      measured: failuresOf(result),
      passed: result.failed === 0,
    },
    {
      name: 'clusters and listeners that were taken from the proxy',
      expected: '0',
      measured: `${gone}, after ${proxy.lied} empty lists`,
      passed: gone === 0 && proxy.lied >= KINDS.length * 2 + NEVER_EMPTY.length,
    },
    {
      name: 'kinds of which the metric says that a list is doubted',
      expected: `${KINDS.length}`,
      measured: `${doubted.length}: ${doubted.join(', ')}`,
      passed: doubted.length === KINDS.length,
    },
    {
      name: 'a control plane that starts in an empty world',
      expected: `serves nobody before there are ${NEVER_EMPTY.join(', ')}`,
      measured: early ? 'served proxies' : 'served nobody',
      passed: !early,
    },
    {
      name: 'an EndpointSlice that is truly deleted',
      expected: 'its endpoints are gone within 2 s',
      measured: `${Math.round(deletion)} ms`,
      passed: deletion < 2000,
    },
  ];
}

/** What the control plane's metric says. */
async function doubtedKinds(mesh: FaultMesh): Promise<readonly string[]> {
  const { body } = await mesh.operator.health('/metrics');
  return [...body.matchAll(/^watch_list_doubted\{kind="([^"]+)"\} 1$/gm)].map(([, kind]) => kind ?? '');
}

async function untilStatus(call: () => Promise<{ readonly status: number }>, wanted: number): Promise<void> {
  await untilTrue(async () => (await call().catch(() => ({ status: 0 }))).status === wanted);
}

async function untilTrue(holds: () => Promise<boolean>, milliseconds = 45_000): Promise<void> {
  for (const end = performance.now() + milliseconds; ; await delay(50)) {
    if (await holds()) return;
    if (performance.now() > end) throw new Error(`not in ${milliseconds} ms: ${holds.toString()}`);
  }
}
