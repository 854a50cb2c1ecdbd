/** `node main.ts KUBECONFIG [ADDRESS…]`: enforces NetworkPolicies in this network namespace until it is told to end; see `enforce`. */
import { enforce } from './enforce.ts';

const [kubeconfig = '', ...outside] = process.argv.slice(2);
const stopping = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort());
const onEnforced = (): void => void process.stdout.write('enforced\n');
// A moment without the API, or an object of which nft makes nothing, is no reason to stop: what was enforced stays so.
for (let pause = false; !stopping.signal.aborted; pause = true) {
  if (pause) await new Promise((resolve) => setTimeout(resolve, 1_000));
  await enforce({ kubeconfig, outside, onEnforced }, stopping.signal).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  });
}
