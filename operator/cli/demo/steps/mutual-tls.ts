import { check, type CheckStep } from '../check-step.ts';
import { ask, eventually } from '../demo-mesh.ts';

/** `policies/strict-mtls.yaml`: only the storefront takes plain text. */
export const strictMtls: CheckStep = {
  name: 'mutual TLS: strict services refuse plain text',
  async run(mesh) {
    const address = await mesh.addressOf('reviews');
    const answer = await ask(address, '/books/1/reviews').catch(() => undefined);
    check(answer === undefined, `reviews answered ${answer?.status} to a caller without a certificate`);
    const plain = await ask(await mesh.addressOf('storefront'), '/books/1');
    check(plain.status === 200, `the storefront, which is permissive, answered ${plain.status}`);
    const identity = 'spiffe://cluster.local/ns/bookstore/sa/shopper';
    await eventually(`the table shows ${identity}`, 10_000, async () => {
      const rows = await mesh.traffic();
      return rows.find((row) => row.destination === 'storefront' && row.identity === identity);
    });
    return `plain text is reset, and the table shows ${identity}`;
  },
};
