import { check, type CheckStep } from '../check-step.ts';
import { eventually } from '../demo-mesh.ts';
import type { DemoMesh } from '../demo-mesh.ts';

/** `policies/who-may-call.yaml`: the storefront may read the catalog. */
export const allowed: CheckStep = {
  name: 'an allowed call, with the SPIFFE ID of its caller',
  async run(mesh) {
    const [call] = (await mesh.visit(1)).filter(({ destination }) => destination === 'catalog');
    check(call !== undefined && call.ok, `the storefront may not read the catalog: ${JSON.stringify(call)}`);
    const identity = 'spiffe://cluster.local/ns/bookstore/sa/storefront';
    check(call.identity === identity, `the catalog saw the caller ${call.identity}, not ${identity}`);
    return identity;
  },
};

/** `policies/deny-delete.yaml`. */
export const denied: CheckStep = {
  name: 'a denied call, with the policy named',
  async run(mesh) {
    const [call] = (await mesh.visit(1, '/books/1', 'DELETE')).filter(({ destination }) => destination === 'catalog');
    check(call !== undefined && call.denied, `the storefront may delete books: ${JSON.stringify(call)}`);
    return await policyShown(mesh, 'storefront', 'catalog', 'deny:bookstore/deny-delete[delete]');
  },
};

/** The shopper asks reviews itself now and then, which only the storefront may. */
export const notAllowed: CheckStep = {
  name: 'a call that no Allow policy covers',
  run: (mesh) => policyShown(mesh, 'shopper', 'reviews', 'no-allow:bookstore/reviews-for-storefront'),
};

async function policyShown(mesh: DemoMesh, source: string, destination: string, policy: string): Promise<string> {
  return await eventually(`the table names ${policy} for ${source} to ${destination}`, 20_000, async () => {
    const rows = (await mesh.traffic()).filter((row) => row.source === source && row.destination === destination);
    return rows.find(({ denied: by }) => by === policy)?.denied;
  });
}
