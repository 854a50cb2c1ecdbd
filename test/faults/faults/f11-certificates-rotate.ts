import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { type CertificateChecks, certificateScenario } from './certificates/scenario.ts';
import { signingsTogether } from './certificates/signings.ts';

/** How many certificates every proxy has to put in force. */
const ROTATIONS: Readonly<Record<FaultSize, number>> = { short: 1, standard: 30, full: 90 };

let last: CertificateChecks | undefined;

/** What F11 has seen of F12 in this process: both take one mesh, and the minutes that rotations take. */
export function seenByRotations(): CertificateChecks | undefined {
  return last;
}

async function run(context: FaultContext): Promise<readonly Check[]> {
  const together = await signingsTogether();
  last = await certificateScenario(context, ROTATIONS[context.size]);
  return [...last.f11, together];
}

/** Certificates that are renewed all the time, under load. */
export const F11: Fault = {
  id: 'F11',
  title: 'Certificates live for 20 s and rotate 30 times, the root changes, and proxies connect anew',
  expected: '0 failed; no more than 10 % of the workloads are signed for together',
  isShort: false,
  run,
};
