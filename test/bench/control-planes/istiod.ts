import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../tools/free-port.ts';
import { startProcess } from '../../tools/process.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { waitUntilServing } from '../../tools/server-process.ts';
import { outputTail } from './output-tail.ts';
import type { RunningControlPlane } from './control-plane.ts';

/** As its own charts run it, but for the limit of new streams a second, which would only make it wait. */
const ENVIRONMENT = {
  PILOT_MAX_REQUESTS_PER_SECOND: '100000',
  POD_NAMESPACE: 'istio-system',
  POD_NAME: 'istiod-1',
  CLUSTER_ID: 'Kubernetes',
};

/** Starts istiod; returns when it says that it is ready, or at once. */
export async function startIstiod(
  program: string,
  kubeconfig: string,
  until: 'ready' | 'started' = 'ready',
): Promise<RunningControlPlane> {
  const directory = await scratchDirectory('istiod');
  const meshConfig = join(directory, 'mesh.yaml');
  await mkdir(directory, { recursive: true });
  await writeFile(meshConfig, 'trustDomain: cluster.local\n');
  const [grpc = 0, secure = 0, https = 0, http = 0, monitoring = 0, control = 0] = await ports(6);
  const output = outputTail();
  const running = await startProcess({
    command: program,
    args: [
      'discovery',
      `--kubeconfig=${kubeconfig}`,
      `--meshConfig=${meshConfig}`,
      '--networksConfig=/dev/null',
      '--domain=cluster.local',
      `--grpcAddr=127.0.0.1:${grpc}`,
      `--secureGRPCAddr=127.0.0.1:${secure}`,
      `--httpsAddr=127.0.0.1:${https}`,
      `--httpAddr=127.0.0.1:${http}`,
      `--monitoringAddr=127.0.0.1:${monitoring}`,
      `--ctrlz_port=${control}`,
    ],
    env: { ...process.env, ...ENVIRONMENT },
    cwd: directory,
    onOutput: output.add,
  });
  const stop = async () => {
    await running.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const ready = async () => (await fetch(`http://127.0.0.1:${http}/ready`)).status === 200;
    if (until === 'ready')
      await waitUntilServing('istiod', { process: running, logs: output.text }, ready, { timeoutMilliseconds: 60_000 });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: 'istiod',
    pid: running.pid,
    process: running,
    xdsPort: grpc,
    xdsloadFlags: [`-addr=127.0.0.1:${grpc}`],
    log: output.text,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function ports(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await freePort());
  return [...found];
}
