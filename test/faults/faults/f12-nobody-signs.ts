import type { Check, Fault, FaultContext } from '../fault.ts';
import { oldRoot } from './certificates/old-root.ts';
import { certificateScenario } from './certificates/scenario.ts';
import { seenByRotations } from './f11-certificates-rotate.ts';

async function run(context: FaultContext): Promise<readonly Check[]> {
  const { f12 } = seenByRotations() ?? (await certificateScenario(context, 1));
  context.say('a root that is given is not replaced');
  return [...f12, await oldRoot()];
}

/** Nobody can sign, the root is lost, or it grows old. */
export const F12: Fault = {
  id: 'F12',
  title: 'Nobody signs for 90 % of the certificates’ life; the root is garbled, deleted, changed, and grows old',
  expected: '0 failed; what was deleted is put back; an alarm with half of the life left',
  isShort: false,
  run,
};
