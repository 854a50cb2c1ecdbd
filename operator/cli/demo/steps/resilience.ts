import { check, type CheckStep } from '../check-step.ts';
import { ask, type DemoMesh, eventually } from '../demo-mesh.ts';

const VISITS = 100;

/** `policies/catalog-resilience.yaml`: one of two replicas fails every request, and nobody notices. */
export const retriesAndEjection: CheckStep = {
  name: 'a failing replica: retries hide it, then it is ejected',
  async run(mesh) {
    const broken = await mesh.replicaOf('catalog');
    await setFailRate(broken.application, 1);
    try {
      const calls = (await mesh.visit(VISITS)).filter(({ destination }) => destination === 'catalog');
      const failed = calls.filter(({ ok }) => !ok).length;
      // A retry picks the same replica again once in 64 times.
      check(failed <= 1, `${failed} of ${VISITS} calls to the catalog failed in spite of retries`);
      const retries = (await mesh.traffic()).filter(({ destination }) => destination === 'catalog');
      const retried = retries.reduce((sum, row) => sum + row.retries, 0);
      check(retried > 0, 'no call to the catalog was retried');
      await eventually('the failing replica is ejected', 5000, () => ejected(mesh, broken.address, true));
      const after = (await mesh.visit(VISITS)).filter(({ destination }) => destination === 'catalog');
      const still = after.filter(({ ok, pod }) => !ok || `bookstore/${pod}` === broken.pod).length;
      check(still === 0, `${still} of ${VISITS} calls still went to the ejected replica`);
      return `${VISITS - failed} of ${VISITS} calls succeeded, ${retried} were retried, ${broken.pod} was ejected`;
    } finally {
      await setFailRate(broken.application, 0);
    }
  },
};

/** The replica of {@link retriesAndEjection} is well again; its time is 10 s. */
export const returnsAfterEjection: CheckStep = {
  name: 'an ejected replica returns',
  async run(mesh) {
    const healed = await mesh.replicaOf('catalog');
    await eventually('the replica is back', 30_000, () => ejected(mesh, healed.address, false));
    const calls = await mesh.visit(40);
    const back = calls.filter(({ pod }) => `bookstore/${pod}` === healed.pod).length;
    check(back > 0, `none of 40 calls went to ${healed.pod}`);
    return `${back} of 40 calls went to it`;
  },
};

/** True when Envoy says so of the replica; undefined when it says the contrary. */
async function ejected(mesh: DemoMesh, address: string, wanted: boolean): Promise<true | undefined> {
  const { admin = '' } = await mesh.replicaOf('storefront');
  const { body } = await ask(admin, '/clusters');
  const flags = body
    .split('\n')
    .find((line) => line.startsWith(`bookstore/catalog:8080::${address}:`) && line.includes('health_flags'));
  return flags?.includes('/failed_outlier_check') === wanted ? true : undefined;
}

async function setFailRate(application: string, failRate: number): Promise<void> {
  const { body, status } = await ask(application, `/admin/faults?failRate=${failRate}`, 'POST');
  check(status === 200, `the application at ${application} answered ${status} ${body}`);
}
