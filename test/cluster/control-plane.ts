import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath } from '../../operator/local/tools/executable.ts';
import type { RunningProcess } from '../tools/process.ts';
import { kubeBinaries, type KubernetesRelease } from '../tools/kube-binaries.ts';
import { scratchDirectory } from '../tools/scratch-directory.ts';
import { startApiServer, waitForApiServer } from './api-server.ts';
import { createTestAuthority, type KeyPair } from './certificates.ts';
import { startEtcd } from './etcd.ts';
import { kubeconfigYaml } from './kubeconfig.ts';
import { type Kubectl, kubectlFor } from './kubectl.ts';

/** A Kubernetes API to test against. */
export interface ControlPlane extends AsyncDisposable {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  /** The real kubectl, with that kubeconfig. */
  readonly kubectl: Kubectl;
  /** Whether it is the cluster of the environment's KUBECONFIG: others use it too, so clean up and choose names of your own. */
  readonly external: boolean;
  /** Path of a kubeconfig for another user, for tests of RBAC. Throws for an external cluster. */
  kubeconfigFor(user: string, groups?: readonly string[]): Promise<string>;
  /** Ends the processes and removes their files; leaves an external cluster alone. */
  stop(): Promise<void>;
}

/** How to start. */
export interface ControlPlaneOptions {
  /** More flags for kube-apiserver, after our own, which they override. */
  readonly apiServerArgs?: readonly string[];
  /** Default: this process's; KUBECONFIG in it means that cluster. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Default `newest`; of no meaning for the cluster of KUBECONFIG. */
  readonly release?: KubernetesRelease;
  /** How long to wait for the API server; default 60 s. */
  readonly timeoutMilliseconds?: number;
}

const ATTEMPTS = 3;

/** An API server makes that of its own Service, unless it is told to leave it alone, as this one is: no cluster is without endpoints. */
const OWN_ENDPOINTS = JSON.stringify({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  addressType: 'IPv4',
  endpoints: [],
  ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
});

/**
 * Starts etcd and kube-apiserver on loopback with RBAC, and returns when the API server is ready and the default namespace is there.
 * Nothing else runs: no nodes, no pods, no garbage collection, no EndpointSlices but that of the API server itself; a namespace that is deleted stays
 * Terminating, and the aggregated roles (view, edit, admin) are empty. Both processes end with this one. With KUBECONFIG in the environment it starts nothing and uses that cluster.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const environment = options.environment ?? process.env;
  const given = environment['KUBECONFIG'];
  if (given !== undefined && given !== '') return externalCluster(given, environment);
  const { release = 'newest' } = options;
  const binaries = await kubeBinaries({ environment, release });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOwn(binaries, options);
    } catch (error) {
      // Somebody took the port between our look at it and kube-apiserver's.
      if (attempt === ATTEMPTS || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function externalCluster(kubeconfig: string, environment: NodeJS.ProcessEnv): Promise<ControlPlane> {
  const program = (await findOnPath('kubectl', environment)) ?? (await kubeBinaries({ environment })).kubectl;
  const stop = () => Promise.resolve();
  return {
    kubeconfig,
    kubectl: kubectlFor(program, kubeconfig),
    external: true,
    kubeconfigFor: () => Promise.reject(new Error('the cluster of KUBECONFIG gives us no other users')),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type Binaries = Awaited<ReturnType<typeof kubeBinaries>>;

async function startOwn(binaries: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  const directory = await scratchDirectory('cluster');
  const processes: RunningProcess[] = [];
  const stop = async () => {
    // Nothing in there is worth a graceful end.
    await Promise.all(processes.map((running) => running.stop(0)));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const authority = await createTestAuthority();
    const admin = await authority.client('admin', ['system:masters']);
    const etcd = await startEtcd(binaries.etcd, directory);
    processes.push(etcd.process);
    const apiServer = await startApiServer(
      binaries['kube-apiserver'],
      directory,
      etcd.url,
      authority,
      options.apiServerArgs ?? [],
    );
    processes.push(apiServer.process);
    await waitForApiServer(apiServer, authority.certificate, admin, options.timeoutMilliseconds ?? 60_000);

    const writeKubeconfig = async (user: string, client: KeyPair) => {
      const path = join(directory, `${encodeURIComponent(user)}.kubeconfig`);
      await writeFile(path, kubeconfigYaml(apiServer.url, authority.certificate, client), { mode: 0o600 });
      return path;
    };
    const kubeconfig = await writeKubeconfig('admin', admin);
    const kubectl = kubectlFor(binaries.kubectl, kubeconfig);
    await kubectl.input(OWN_ENDPOINTS, 'create', '-f', '-');
    return {
      kubeconfig,
      kubectl,
      external: false,
      kubeconfigFor: async (user, groups = []) => writeKubeconfig(`user-${user}`, await authority.client(user, groups)),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
