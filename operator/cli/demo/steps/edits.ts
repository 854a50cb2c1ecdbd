import { setTimeout as delay } from 'node:timers/promises';
import { check, type CheckStep } from '../check-step.ts';
import { ask, type DemoMesh, eventually } from '../demo-mesh.ts';

const CANARY = 'policies/reviews-canary.yaml';
const WITHIN_MS = 1000;

/** A saved file is in force within a second. */
export const editTakesEffect: CheckStep = {
  name: 'an edited file is in force within a second',
  async run(mesh) {
    const saved = performance.now();
    await mesh.edit(CANARY, (text) => text.replace('weight: 90', 'weight: 0').replace('weight: 10', 'weight: 100'));
    let lastOld = 0;
    let visits = 0;
    const address = await mesh.addressOf('storefront');
    for (; performance.now() - saved < 2 * WITHIN_MS; visits += 1) {
      const began = performance.now() - saved;
      const { body } = await ask(address, '/books/1');
      if (body.includes('"destination":"reviews"') && body.includes('reviews-v1-')) lastOld = began;
      await delay(10);
    }
    check(visits >= 20, `only ${visits} visits in 2 s`);
    check(lastOld < WITHIN_MS, `a request ${Math.round(lastOld)} ms after the edit still went to v1`);
    const shown = await eventually('the edit is programmed', 2000, () => programmed(mesh));
    await eventually('the table shows v2 alone', 15_000, () => tableShows(mesh));
    return `the last request went to v1 ${Math.round(lastOld)} ms after the edit; ${shown}`;
  },
};

/** A file with a mistake is told of by line and column, and changes nothing. */
export const mistakeChangesNothing: CheckStep = {
  name: 'a file with a mistake is told of, and stays as it was',
  async run(mesh) {
    await mesh.edit(CANARY, (text) => text.replace('weight: 100', 'wieght: 50'));
    const line = await eventually('the mistake is told of', 2000, () =>
      Promise.resolve(/\S*reviews-canary\.yaml:\d+:\d+: error DK\d+.*/.exec(mesh.output)?.[0]),
    );
    const calls = (await mesh.visit(50)).filter(({ destination }) => destination === 'reviews');
    const old = calls.filter(({ version }) => version !== 'v2').length;
    check(old === 0 && calls.length === 50, `${old} of ${calls.length} calls no longer went to v2`);
    return line;
  },
};

async function programmed(mesh: DemoMesh): Promise<string | undefined> {
  await Promise.resolve();
  return /in force TrafficSplit bookstore\/reviews: .*/.exec(mesh.output)?.[0];
}

async function tableShows(mesh: DemoMesh): Promise<true | undefined> {
  const rows = (await mesh.traffic()).filter(
    ({ destination, source }) => source === 'storefront' && destination === 'reviews',
  );
  const of = (version: string): number => rows.find((row) => row.version === version)?.requests ?? 0;
  return of('v2') > 0 && of('v1') === 0 ? true : undefined;
}
