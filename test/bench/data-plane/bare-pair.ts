import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { envoyArgs } from '@dot-kube/proxy/bootstrap';
import { systemClock } from '../../../operator/framework/index.ts';
import { CertificateAuthority, MemoryCaStore } from '../../../operator/identity/index.ts';
import { envoyBinary } from '../../../operator/local/tools/envoy-binary.ts';
import { asProxyOf, type NetworkPod, type PodNetwork } from '../../integration/harness/index.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { startServer, waitUntilServing } from '../../tools/server-process.ts';
import { bareCaller, bareEcho, type BareIdentity, type BareProxy, type EnvoyConfig } from './bare-config.ts';
import { DIALLED_PORT, NAMESPACE } from './echo-service.ts';
import { type Pair, type PairProxy, pairProxy, startApplication } from './pair.ts';

const TRUST_DOMAIN = 'cluster.local';
/** Where a pod's connections are captured, as in the mesh. */
const CAPTURED = { outbound: 15_001, inbound: 15_006 } as const;

/** Two pods as those of the mesh, captured in the same way by the same Envoy with the same arguments, which does nothing but route and mTLS. */
export async function startBarePair(network: PodNetwork): Promise<Pair> {
  await using scope = new AsyncDisposableStack();
  const directory = await scratchDirectory('bare');
  scope.defer(() => rm(directory, { recursive: true, force: true }));
  const identities = await bareIdentities();
  const start = async (app: 'caller' | 'echo', pod: NetworkPod, port: number): Promise<PairProxy> => {
    const admin = join(directory, `${app}.sock`);
    const proxy: BareProxy = { admin, port, identity: identities[app], trusts: `spiffe://${TRUST_DOMAIN}/` };
    const config = app === 'caller' ? bareCaller(proxy, echoPod.ip) : bareEcho(proxy);
    return scope.use(await startEnvoy(join(directory, `${app}.json`), config, admin, pod));
  };
  const callerPod = await network.pod(4);
  const echoPod = await network.pod(5);
  const caller = await start('caller', callerPod, CAPTURED.outbound);
  const echo = await start('echo', echoPod, CAPTURED.inbound);
  const application = scope.use(await startApplication(echoPod));
  const owned = scope.move();
  return {
    name: 'bare',
    callerPod,
    // Captured, whatever it is.
    url: `http://${echoPod.ip}:${DIALLED_PORT}/`,
    caller,
    echo,
    application,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startEnvoy(
  path: string,
  config: EnvoyConfig,
  admin: string,
  pod: NetworkPod,
): Promise<PairProxy & AsyncDisposable> {
  await writeFile(path, JSON.stringify(config));
  const [command = '', ...rest] = [
    ...asProxyOf(pod.holderPid),
    await envoyBinary(),
    ...envoyArgs({ configPath: path, node: { id: 'bare', cluster: 'bare' } }),
  ];
  const server = await startServer(command, rest);
  const proxy = pairProxy(server.process.pid, admin);
  await waitUntilServing('the bare Envoy', server, async () => (await proxy.admin('/ready')).startsWith('LIVE'), {
    timeoutMilliseconds: 15_000,
  });
  return {
    ...proxy,
    [Symbol.asyncDispose]: async () => {
      await server.process.stop(0);
    },
  };
}

/** Certificates as workloads of the mesh have them: from the same code, ECDSA P-256. */
async function bareIdentities(): Promise<Readonly<Record<'caller' | 'echo', BareIdentity>>> {
  const authority = await CertificateAuthority.open({
    store: new MemoryCaStore(),
    trustDomain: TRUST_DOMAIN,
    clock: systemClock,
  });
  const issue = async (serviceAccount: string): Promise<BareIdentity> => {
    const issued = await authority.issueWorkload({ trustDomain: TRUST_DOMAIN, namespace: NAMESPACE, serviceAccount });
    return {
      certificateChain: issued.certChainPem,
      privateKey: issued.privateKeyPem,
      roots: authority.trustBundle.pem,
    };
  };
  return { caller: await issue('caller'), echo: await issue('echo') };
}
