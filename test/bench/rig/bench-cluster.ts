import { MeshCluster } from '../../integration/harness/mesh-cluster.ts';
import { httpRouteCrd } from './gateway-api.ts';
import type { Say } from './say.ts';

/** Where the load program makes its Services. */
export const BENCH_NAMESPACE = 'bench';

/** The pod whose proxies all clients of the load program are: it has one token for all. */
export const CLIENT = { namespace: BENCH_NAMESPACE, name: 'client', app: 'client', ip: '10.250.0.1' } as const;

/** A kube-apiserver with etcd that both control planes watch, one after the other. */
export interface BenchCluster extends AsyncDisposable {
  readonly mesh: MeshCluster;
  readonly kubeconfig: string;
}

/** Starts it with our kinds and, for istiod, the HTTPRoute. */
export async function startBenchCluster(
  say: Say,
  { istiod, apiServerArgs = [] }: { readonly istiod: boolean; readonly apiServerArgs?: readonly string[] },
): Promise<BenchCluster> {
  say('starting kube-apiserver and etcd');
  const mesh = await MeshCluster.start({ apiServerArgs });
  try {
    if (istiod) {
      await mesh.kubectl('apply', '--server-side', '-f', await httpRouteCrd());
      await mesh.namespace('istio-system');
    }
    await mesh.namespace(BENCH_NAMESPACE);
    await mesh.pod(CLIENT);
    return { mesh, kubeconfig: mesh.kubeconfig, [Symbol.asyncDispose]: () => mesh.stop() };
  } catch (error) {
    await mesh.stop();
    throw error;
  }
}
