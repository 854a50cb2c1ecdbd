import { setTimeout as delay } from 'node:timers/promises';
import type { MeshPod } from '../../integration/harness/index.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { keptItsRate, noneFailed, nothing } from '../harness/checks.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { resultOf, together } from '../harness/load-results.ts';
import { changesOf, countersOfAll, TOUCHED } from '../harness/proxy-counters.ts';
import { wordsOf } from '../harness/proxy-words.ts';

/** How long the control plane is away, in seconds. */
const AWAY_S: Readonly<Record<FaultSize, number>> = { short: 5, standard: 60, full: 600 };

/** How long is looked at it before and after. */
const AROUND_S: Readonly<Record<FaultSize, number>> = { short: 2, standard: 10, full: 30 };

/** Requests per second over HTTP/1.1, and as many over HTTP/2. */
const RATE = 150;

/** How many Services are called for the first time while it is away. */
const FIRST_CALLS = 10;

/** The words of a proxy whose question nobody answers. */
const REASON = /^dot-kube: the control plane has not said within [\d.]+ s where [\d.:]+ leads/;

async function run({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  await using mesh = await FaultMesh.start();
  const [caller] = await mesh.start(
    { name: 'caller-0', app: 'caller', isCaller: true },
    { name: 'catalog-0', app: 'catalog' },
    { name: 'catalog-1', app: 'catalog' },
  );
  const selector = { app: 'catalog' };
  const later = Array.from({ length: FIRST_CALLS }, (_, index) => ({ name: `late-${index}`, selector }));
  const [http1, h2c, ...late] = await mesh.services(
    { name: 'catalog', selector },
    { name: 'catalog-h2c', selector, protocol: 'h2c' },
    ...later,
  );
  if (caller === undefined) throw new Error('there is no caller');
  await mesh.answers(caller, http1);
  await mesh.answers(caller, h2c, 'h2c');
  say(`${2 * RATE} requests/s`);
  const loads = [
    await mesh.load(caller, { url: `http://${http1}/`, rate: RATE }),
    await mesh.load(caller, { url: `http://${h2c}/`, rate: RATE, protocol: 'h2c' }),
  ];
  await delay(AROUND_S[size] * 1000, undefined, { signal });
  const before = await countersOfAll(mesh.pods, '_manager.');
  await mesh.killControlPlane();
  const killedAt = Date.now();
  say(`the control plane is dead for ${AWAY_S[size]} s`);
  const [firstCalls] = await Promise.all([
    firstCallsOf(caller, late),
    delay(AWAY_S[size] * 1000, undefined, { signal }),
  ]);
  await mesh.startControlPlane();
  const backAt = Date.now();
  say('it is back');
  await Promise.all(late.map((address) => mesh.answers(caller, address)));
  await delay(AROUND_S[size] * 1000, undefined, { signal });
  const after = await countersOfAll(mesh.pods, '_manager.');
  const sent = together(await Promise.all(loads.map((load) => load.stop())));
  if (sent.failed > 0) for (const words of wordsOf(mesh.pods)) say(words);
  return [
    noneFailed('requests before, to destinations that were called', resultOf(sent.requests, 0, killedAt)),
    noneFailed('requests while it is away', resultOf(sent.requests, killedAt, backAt)),
    noneFailed('requests once it is back', resultOf(sent.requests, backAt)),
    keptItsRate(sent, 2 * RATE),
    firstCallsCheck(firstCalls),
    nothing(
      'clusters and listeners that its return touched',
      changesOf(before, after, (name) => TOUCHED.includes(name)),
    ),
  ];
}

interface FirstCall {
  readonly milliseconds: number;
  readonly said: string;
}

function firstCallsOf(caller: MeshPod, addresses: readonly string[]): Promise<readonly FirstCall[]> {
  const call = async (address: string): Promise<FirstCall> => {
    const started = performance.now();
    const answer = await caller.call(address, 80).catch((error: unknown) => ({ status: 0, body: String(error) }));
    const said = answer.status === 200 ? 'it was answered' : answer.body;
    return { milliseconds: performance.now() - started, said };
  };
  return Promise.all(addresses.map(call));
}

function firstCallsCheck(calls: readonly FirstCall[]): Check {
  const slowest = Math.max(...calls.map(({ milliseconds }) => milliseconds));
  const named = calls.filter(({ said }) => REASON.test(said));
  const example = calls.find((call) => !named.includes(call)) ?? calls[0];
  return {
    name: 'first calls while it is away',
    expected: 'they fail within 2,000 ms with a named reason',
    measured: `${named.length} of ${calls.length} name it, the slowest after ${slowest.toFixed(0)} ms: "${example?.said.trim()}"`,
    passed: calls.length > 0 && named.length === calls.length && slowest <= 2000,
  };
}

/** A control plane that dies under load. */
export const F1: Fault = {
  id: 'F1',
  title: 'The control plane is killed for 60 s under 300 requests/s, and comes back',
  expected:
    '0 failed to destinations called before; first calls meanwhile fail within 2 s with a reason; nothing is touched',
  isShort: true,
  run,
};
