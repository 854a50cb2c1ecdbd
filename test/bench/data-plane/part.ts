import type { PartResult } from '../rig/part.ts';
import { DATA_PLANE_DEFAULTS, runDataPlane } from './data-plane.ts';
import { CPU_LIMIT, missed, tableOf } from './table.ts';

const TITLE = 'The proxies, beside Envoys that do nothing but route and mTLS';

/** The part of `npm run bench`, with the usual sizes. */
export async function dataPlane({ say }: { readonly say: (line: string) => void }): Promise<PartResult> {
  const report = await runDataPlane({ ...DATA_PLANE_DEFAULTS, say });
  const over = missed(report).map(
    ({ rate, cpu, failed }) =>
      `${TITLE}: ${cpu.median.toFixed(2)} times the CPU at ${rate} requests/s, ${CPU_LIMIT} is allowed; ${failed} failed`,
  );
  return {
    sections: [{ id: 'data-plane', title: TITLE, body: tableOf(report).trimEnd() }],
    data: report,
    missed: over,
  };
}
