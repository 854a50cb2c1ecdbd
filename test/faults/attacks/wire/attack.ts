import type { Check, FaultContext } from '../../fault.ts';
import { countsOf } from '../../harness/counts.ts';
import type { Guarded } from './guarded-mesh.ts';
import { sendRaw, type Statuses } from './raw-caller.ts';

const PARALLEL = 48;

/** Sends `count` requests, to all of the applications at once. */
export async function attack(
  guarded: readonly Guarded[],
  count: number,
  context: FaultContext,
  make: () => Buffer,
): Promise<Statuses> {
  let left = count;
  const total = new Map<number, number>();
  const next = (): Buffer | undefined => {
    if (left === 0 || context.signal.aborted) return undefined;
    left -= 1;
    if (left % 20_000 === 0) context.say(`${(count - left).toLocaleString('en-US')} requests sent`);
    return make();
  };
  const each = guarded.map(async ({ dial }) => {
    const statuses = await sendRaw(dial, Math.ceil(PARALLEL / guarded.length), next);
    for (const [status, number] of statuses) total.set(status, (total.get(status) ?? 0) + number);
  });
  await Promise.all(each);
  return total;
}

/** That none of them reached its application against its policy; and that some did, and some were refused, or it was no attack. */
export function bypassCheck(name: string, guarded: readonly Guarded[], sent: number, statuses: Statuses): Check {
  const bypassed = guarded.reduce((sum, { application }) => sum + application.bypassed, 0);
  const examples = guarded.flatMap(({ application }) => application.bypasses).slice(0, 4);
  const answers = [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${count.toLocaleString('en-US')} × ${status === 0 ? 'no answer' : status}`);
  const isMeaningful = [200, 400, 403].every((status) => (statuses.get(status) ?? 0) > sent / 100);
  return {
    name,
    expected: '0 reach the application',
    measured: `${countsOf(bypassed, sent, 'reached it')} (${answers.join(', ')})${examples.length === 0 ? '' : `: ${examples.join('; ')}`}`,
    passed: bypassed === 0 && isMeaningful,
  };
}
