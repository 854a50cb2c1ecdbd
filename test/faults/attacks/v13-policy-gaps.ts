import { setTimeout as delay } from 'node:timers/promises';
import type { MeshPod, ProxyProcess } from '../../integration/harness/index.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { countsOf } from '../harness/counts.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { changeClass, defaultDeny, replacePolicies, restartProxy } from './v13/changes.ts';
import { type DeniedCaller, startDeniedCaller, type Tries } from './v13/denied-caller.ts';

/** How often all of it is done. */
const ROUNDS: Readonly<Record<FaultSize, number>> = { short: 1, standard: 3, full: 40 };

const STRANGER = 'calls of an identity that no policy lets in';
const PLAINTEXT = 'calls in plain text under Strict';
const CALLER = 'calls of the identity that may, after each step';

/** Whoever is refused is refused at every moment, not only once everything has settled. */
export const V13: Fault = {
  id: 'V13',
  title:
    'Somebody who is refused tries all the time while pods, proxies, policies and the control plane start and change',
  expected: '0 tries get in, neither with the wrong identity nor in plain text',
  isShort: true,
  controls: [
    {
      title: 'policies are not waited for',
      file: 'operator/controllers/mesh/mesh-controller.ts',
      find: '    this.#pending.push(...changes);\n',
      replace: `    if (changes.some(({ collection }) => collection.name === 'AuthorizationPolicy'))
      return void setTimeout(() => {
        this.#pending.push(...changes);
        this.flush();
      }, 1500);
    this.#pending.push(...changes);
`,
      fails: STRANGER,
    },
    {
      title: 'Strict ports take what is not mutual TLS too',
      file: 'proxy/envoy/listener/inbound-chains.ts',
      find: "...(mtls === 'strict' ? [] : openChains(intake, match))",
      replace: '...openChains(intake, match)',
      fails: PLAINTEXT,
    },
  ],
  run,
};

async function run(context: FaultContext): Promise<readonly Check[]> {
  await using scope = new AsyncDisposableStack();
  const mesh = scope.use(await FaultMesh.start());
  const [caller, stranger] = await mesh.start(
    { name: 'caller-0', app: 'caller', isCaller: true },
    { name: 'stranger-0', app: 'stranger', isCaller: true },
  );
  if (caller === undefined || stranger === undefined) throw new Error('two pods were asked for');
  const service = { name: 'catalog', selector: { app: 'catalog' } };
  const [address = ''] = await mesh.services(service);
  const rounds = ROUNDS[context.size];
  // The pods that will be there: they are tried from before they are.
  const pods = Array.from({ length: 1 + Math.min(rounds, 3) }, (_, index) => `${mesh.network.address(4 + index)}:8080`);
  const callers: DeniedCaller[] = [];
  const begin = async (targets: readonly string[], pod?: MeshPod): Promise<void> =>
    void callers.push(scope.use(await startDeniedCaller(targets, pod?.application)));
  await begin([`${address}:80`, ...pods], stranger);
  await begin(pods);
  const steps = { count: 0 };
  const settled = async (): Promise<void> => {
    steps.count += 1;
    await mesh.answers(caller, address);
  };
  const proxies = new Map<MeshPod, ProxyProcess>();
  scope.defer(async () => void (await Promise.all([...proxies.values()].map((proxy) => proxy.stop()))));
  for (let round = 0; round < rounds && !context.signal.aborted; round += 1) {
    await oneRound(context, { mesh, service, round, settled, proxies });
  }
  const [identity, plaintext] = await Promise.all(callers.map((each) => each.stop()));
  if (identity === undefined || plaintext === undefined) throw new Error('there were two callers');
  // Whoever is told anything at all in plain text has been spoken to.
  return [
    checkOf(STRANGER, identity, identity.refused),
    checkOf(PLAINTEXT, { ...plaintext, letIn: plaintext.letIn + plaintext.refused }, plaintext.failed),
    {
      name: CALLER,
      expected: 'all answered',
      measured: `answered after ${steps.count} steps`,
      passed: steps.count > 0,
    },
  ];
}

interface Round {
  readonly mesh: FaultMesh;
  readonly service: { readonly name: string; readonly selector: Readonly<Record<string, string>> };
  readonly round: number;
  readonly settled: () => Promise<void>;
  readonly proxies: Map<MeshPod, ProxyProcess>;
}

async function oneRound(context: FaultContext, { mesh, service, round, settled, proxies }: Round): Promise<void> {
  if (round < 3) {
    context.say(`round ${round + 1}: a pod starts`);
    await mesh.start({ name: `catalog-${round}`, app: 'catalog' });
    await mesh.cluster.apply(mesh.slice(service));
    await settled();
  }
  const pod = mesh.podOf(`catalog-${round % 3}`);
  context.say('policies are replaced');
  await replacePolicies(mesh);
  await settled();
  await defaultDeny(mesh);
  await settled();
  context.say('a pod gets other labels');
  await changeClass(mesh, pod, round);
  await settled();
  // The root outlives the control plane.
  const roots = await mesh.operator.rootsPem();
  context.say('a proxy is killed and comes back');
  const old = proxies.get(pod) ?? pod.proxy;
  const fresh = await restartProxy(mesh, pod, old, roots);
  proxies.set(pod, fresh);
  await settled();
  context.say('the control plane is killed, and a proxy with it');
  await mesh.killControlPlane();
  await delay(200);
  const [again] = await Promise.all([restartProxy(mesh, pod, fresh, roots), mesh.startControlPlane()]);
  proxies.set(pod, again);
  await settled();
  await delay(300);
}

/** `met`: how many tries came to a proxy that was there; without those it was no attack. */
function checkOf(name: string, tries: Tries, met: number): Check {
  const { sent, letIn, examples, refused, failed } = tries;
  return {
    name,
    expected: '0 get in',
    measured: `${countsOf(letIn, sent, 'got in')} (${refused.toLocaleString('en-US')} refused by HTTP, ${failed.toLocaleString('en-US')} without an answer)${examples.length === 0 ? '' : `: ${examples.join('; ')}`}`,
    passed: letIn === 0 && met > 100,
  };
}
