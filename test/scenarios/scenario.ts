import { describe, test } from 'node:test';
import { CATALOG, checked, INVENTORY, LEDGER, REVIEWS, servedBy } from './bookstore.ts';
import type { ScenarioObject } from './scenario-driver.ts';
import type { ScenarioMesh } from './scenario-mesh.ts';

/** Something that a mesh does, on one machine or in a cluster. */
export interface Scenario {
  /** A sentence that says what holds. */
  readonly name: string;
  /** The objects that are in force before {@link run}. Default: none. */
  readonly objects?: () => Promise<readonly ScenarioObject[]>;
  /** Throws when it does not hold. */
  readonly run: (mesh: ScenarioMesh, scope: Scope) => Promise<void>;
}

/** The objects of a scenario, which go when it is over. */
export interface Scope {
  /** Puts objects in force. */
  enforce(...objects: readonly ScenarioObject[]): Promise<void>;
  /** Applies objects, whatever comes of them. */
  apply(...objects: readonly ScenarioObject[]): Promise<void>;
}

/** Registers scenarios as tests on the mesh that is there when they run. */
export function testScenarios(title: string, scenarios: readonly Scenario[], meshOf: () => ScenarioMesh): void {
  describe(title, () => {
    for (const scenario of scenarios) {
      test(scenario.name, () => runScenario(scenario, meshOf()));
    }
  });
}

async function runScenario({ objects, run }: Scenario, mesh: ScenarioMesh): Promise<void> {
  const used = new Map<string, ScenarioObject>();
  const note = (some: readonly ScenarioObject[]): void => {
    for (const object of some) used.set(`${object.kind} ${object.metadata.name}`, object);
  };
  const scope: Scope = {
    enforce: async (...some) => {
      note(some);
      await mesh.enforce(...some);
    },
    apply: async (...some) => {
      note(some);
      await mesh.driver.apply(some);
    },
  };
  try {
    if (objects !== undefined) await scope.enforce(...(await objects()));
    await run(mesh, scope);
  } finally {
    if (used.size > 0) {
      await mesh.driver.remove([...used.values()]);
      await untilOpen(mesh);
    }
  }
}

/** Without policies everybody may call everybody, and identities are known where there are proxies: nothing of a scenario is left. */
async function untilOpen(mesh: ScenarioMesh): Promise<void> {
  let wrong: unknown;
  const look = async (): Promise<true | undefined> => {
    try {
      const [catalog, reviews, inventory, ledger, plain] = await Promise.all([
        mesh.call('shopper', CATALOG),
        mesh.call('shopper', REVIEWS),
        mesh.call('shopper', INVENTORY),
        mesh.call('shopper', LEDGER),
        mesh.call('outsider', CATALOG),
      ]);
      servedBy(catalog);
      servedBy(reviews);
      servedBy(plain);
      checked(inventory);
      if (ledger.status !== 0) throw new Error(`the ledger: ${ledger.error}`);
      return true;
    } catch (error) {
      wrong = error;
      return undefined;
    }
  };
  await mesh.eventually('a mesh without policies lets everybody call everybody', look, () => String(wrong));
}
