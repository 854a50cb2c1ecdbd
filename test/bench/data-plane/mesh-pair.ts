import {
  type MeshCluster,
  MeshPod,
  type MeshPodOptions,
  type OperatorProcess,
  type PodNetwork,
} from '../../integration/harness/index.ts';
import { resourceKind } from '../../../operator/framework/index.ts';
import { DIALLED_PORT, ECHO_SERVICE, NAMESPACE } from './echo-service.ts';
import { type Pair, startApplication } from './pair.ts';

/** As Envoy is run in a pod, where `envoyArgs` is given nothing. */
const LOG_FLUSH_MS = 1000;

/** Two pods of the mesh, under a real operator with nothing but defaults. */
export async function startMeshPair(
  cluster: MeshCluster,
  network: PodNetwork,
  operator: OperatorProcess,
): Promise<Pair> {
  await using scope = new AsyncDisposableStack();
  await cluster.namespace(NAMESPACE);
  await cluster.apply(ECHO_SERVICE);
  const start = async (app: string, number: number): Promise<MeshPod> => {
    const options: MeshPodOptions = {
      cluster,
      network,
      operator,
      namespace: NAMESPACE,
      name: `${app}-0`,
      app,
      number,
      logFlushMs: LOG_FLUSH_MS,
    };
    return scope.use(await MeshPod.start(options));
  };
  const caller = await start('caller', 2);
  const echo = await start('echo', 3);
  const application = scope.use(await startApplication(echo.application));
  await cluster.endpoints(NAMESPACE, 'echo', [echo]);
  const { spec } = await cluster.api.get(resourceKind('v1', 'Service'), { namespace: NAMESPACE, name: 'echo' });
  const address = (spec as { readonly clusterIP: string }).clusterIP;
  const owned = scope.move();
  return {
    name: 'mesh',
    callerPod: caller.application,
    url: `http://${address}:${DIALLED_PORT}/`,
    caller: caller.proxy,
    echo: echo.proxy,
    application,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
