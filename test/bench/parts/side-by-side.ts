import type { Bench } from '../rig/bench.ts';
import type { PartResult } from '../rig/part.ts';
import { formatNumber } from '../report/table.ts';
import { figuresResult, merged } from '../report/section.ts';
import { measureSize, type Size, type Turn } from './control-plane.ts';
import { controlPlaneFigures } from './control-plane-figures.ts';

/** The sizes that goals are about. */
export const STANDARD_SIZES: readonly Size[] = [
  { services: 500, endpoints: 5, clients: 200 },
  { services: 1000, endpoints: 5, clients: 500 },
];

/** Both control planes under the load program, size by size. */
export async function sideBySide(bench: Bench, sizes: readonly Size[]): Promise<PartResult> {
  const results: PartResult[] = [];
  for (const size of sizes) {
    const turns = await measureSize(bench, size);
    const { services, endpoints, clients } = size;
    const title = `Both control planes: ${formatNumber(services)} Services × ${endpoints} endpoints, ${clients} proxies`;
    const id = `control-plane-${services}x${endpoints}x${clients}`;
    const after = equalWork(turns);
    results.push(
      figuresResult(id, title, controlPlaneFigures(turns), turns, {
        before: ORDER,
        ...(after === undefined ? {} : { after }),
      }),
    );
  }
  return merged(results);
}

const ORDER =
  'The control planes ran one after the other, alternating, each twice; figures are medians of 15 changes, and of the runs (with their range).';

/** Whether both send as much to a client, as far as can be told without reading it. Pure. */
export function equalWork(turns: readonly Turn[]): string | undefined {
  const of = (name: string) => turns.find(({ controlPlane, lazy }) => controlPlane === name && !lazy)?.figures;
  const [ours, istiod] = [of('dot-kube'), of('istiod')];
  if (ours === undefined || istiod === undefined) return undefined;
  const words = (name: string, { resourcesPerClient, kibPerClient }: typeof ours): string =>
    `${name} ${formatNumber(resourcesPerClient)} resources and ${formatNumber(kibPerClient)} KiB`;
  return `A client that asks for everything gets of ${words('dot-kube', ours)}, of ${words('istiod', istiod)}.`;
}
