import { setTimeout as delay } from 'node:timers/promises';
import type { Check, FaultContext } from '../../fault.ts';
import { noneFailed } from '../../harness/checks.ts';
import { type LoadResult, resultOf } from '../../harness/load-results.ts';
import { CertificateMesh, LIFE_S } from './certificate-mesh.ts';
import { rootLost } from './root-lost.ts';

/** What was looked at, by fault; they share a mesh, as a rotation takes as long for both. */
export interface CertificateChecks {
  readonly f11: readonly Check[];
  readonly f12: readonly Check[];
}

/** A certificate is renewed after so long at the latest, and a bit. */
const ROTATION_MS = LIFE_S * 600;

/** Runs everything that happens to certificates under one load; every proxy puts at least so many in force. */
export async function certificateScenario(context: FaultContext, rotations: number): Promise<CertificateChecks> {
  await using store = await CertificateMesh.start();
  const f11: Check[] = [];
  const f12: Check[] = [];
  await store.begin();
  const began = performance.now();
  await delay(3000);
  context.say('the Secret of the root is garbled, and then deleted');
  const lost = await during(() => rootLost(store));
  f12.push(...lost.result);
  context.say('another root takes the place of the present one');
  const swapped = await during(() => changeRoot(store));
  f11.push(swapped.result);
  context.say('a proxy connects anew, and another one is restarted');
  await store.reconnect();
  const restarted = await store.restart(15_000);
  f11.push(noneFailed('requests of a proxy that was restarted under the new root', restarted));
  context.say(`the control plane is frozen for nine tenths of the certificates' life`);
  const frozen = await during(() => freeze(store));
  f12.push(frozen.result);
  await rest(store, context, rotations);
  const seconds = Math.round((performance.now() - began) / 1000);
  const all = await store.end();
  for (const line of whenFailed(all)) context.say(line);
  const { fewest, leastLeft, total } = store.rotations;
  f11.unshift(noneFailed('requests while certificates rotate', all), {
    name: 'certificates put in force by each proxy',
    expected: `${rotations} or more`,
    measured: `${fewest} or more, ${total} together, in ${seconds} s; the least that one had left was ${(leastLeft / 1000).toFixed(1)} s of ${LIFE_S}`,
    passed: fewest >= rotations && leastLeft > 0,
  });
  f12.unshift(
    ...[
      ['requests while the root is garbled and deleted', lost] as const,
      ['requests while the root changes', swapped] as const,
      ['requests while nobody signs for 90 % of a life', frozen] as const,
    ].map(([name, { from, until }]) => noneFailed(name, resultOf(all.requests, from, until))),
  );
  return { f11, f12 };
}

/** Waits for what is missing of the rotations. */
async function rest({ rotations: shown }: CertificateMesh, context: FaultContext, rotations: number): Promise<void> {
  const deadline = performance.now() + rotations * ROTATION_MS;
  while (shown.fewest < rotations && !context.signal.aborted && performance.now() < deadline) {
    await delay(5000);
    context.say(`${shown.fewest} of ${rotations} rotations`);
  }
  // What goes wrong afterwards counts, too.
  await delay(3000);
}

async function changeRoot(store: CertificateMesh): Promise<Check> {
  const started = performance.now();
  const before = await store.stored();
  await store.askForRoot();
  const states: string[] = [];
  const isOver = async (): Promise<boolean> => {
    const text = await store.stored();
    const { kind } = JSON.parse(text) as { readonly kind: string };
    if (states.at(-1) !== kind) states.push(kind);
    return kind === 'stable' && text !== before && states.length > 1;
  };
  while (!(await isOver()) && performance.now() - started < 120_000) await delay(200);
  const measured = `${states.join(', ')} in ${((performance.now() - started) / 1000).toFixed(0)} s`;
  const seen = ['introducing', 'retiring', 'stable'].every((state) => states.includes(state));
  return { name: 'the root has changed', expected: 'introducing, retiring, stable', measured, passed: seen };
}

/** Everything is issued anew, and then nobody signs until the first certificate has a tenth of its life left. */
async function freeze(store: CertificateMesh): Promise<Check> {
  const { mesh, rotations } = store;
  const fresh = rotations.more(1, 30_000);
  await mesh.killControlPlane();
  await mesh.startControlPlane();
  if (!(await fresh)) throw new Error('not every proxy has a certificate of the control plane that is back');
  const end = rotations.firstEnd;
  const began = Date.now();
  mesh.operator.process.kill('SIGSTOP');
  const away = end - LIFE_S * 100 - began;
  try {
    await delay(Math.max(away, 0));
  } finally {
    mesh.operator.process.kill('SIGCONT');
  }
  const renewed = await rotations.until(() => rotations.firstEnd > end, 10_000);
  const left = end - Date.now();
  return {
    name: 'a signer that is away until a tenth of the life is left, and back',
    expected: 'certificates are renewed before the first one ends',
    measured: `away for ${(away / 1000).toFixed(1)} s of ${LIFE_S}, ${renewed ? `renewed with ${(left / 1000).toFixed(1)} s left` : 'not renewed'}`,
    passed: renewed && left > 0,
  };
}

/** Failures by second, to be laid beside what happened then. */
function whenFailed({ requests }: LoadResult): readonly string[] {
  const began = requests[0]?.at ?? 0;
  const failed = requests.filter(({ reason }) => reason !== undefined);
  const seconds = Map.groupBy(failed, ({ at }) => Math.floor((at - began) / 1000));
  return [...seconds]
    .slice(0, 50)
    .map(([second, { length, 0: first }]) => `second ${second}: ${length} failed, ${first?.url} ${first?.reason}`);
}

async function during<T>(
  act: () => Promise<T>,
): Promise<{ readonly from: number; readonly until: number; readonly result: T }> {
  const from = Date.now();
  const result = await act();
  return { from, until: Date.now(), result };
}
