import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../../operator/local/tools/cache-directory.ts';
import { formatElapsed, type Progress } from '../../../operator/local/tools/progress.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { corednsBinary } from '../../tools/coredns-binary.ts';
import { nodeBinaries } from '../../tools/kube-binaries.ts';
import { evaluatorBinary } from '../../tools/network-policy-evaluator.ts';
import { createTestAuthority } from '../certificates.ts';
import { compilePause, ownImages } from '../images/own-images.ts';
import { kubeconfigYaml } from '../kubeconfig.ts';
import { type Kubectl, kubectlFor } from '../kubectl.ts';
import { startEnforcer } from '../network-policy/start-enforcer.ts';
import { createState } from './cluster-state.ts';
import { startControlPrograms } from './control-programs.ts';
import { corednsYaml } from './coredns.ts';
import { connect } from './network.ts';
import { startContainerd, startKubelet } from './node-programs.ts';
import { makeNodeSpace, type NodeProgram } from './node-space.ts';
import { installPackages } from './packages.ts';

/** What a cluster may differ in. */
export interface BringUpOptions {
  /** More flags for kube-apiserver, after our own, which they override. */
  readonly apiServerArgs: readonly string[];
  /** Default 2. */
  readonly nodes: number;
  /** Whether NetworkPolicies are enforced from the beginning; default false. */
  readonly networkPolicy: boolean;
}

const READY_TIMEOUT_MS = 240_000;

/** Brings a cluster up whose state is in `directory`, which must not be there, and returns when pods run and names resolve. */
export async function bringUp(
  name: string,
  directory: string,
  options: BringUpOptions,
  environment: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<void> {
  await installPackages(progress);
  if (options.networkPolicy) await evaluatorBinary({ environment, progress });
  const programs = await nodeBinaries({ environment, progress });
  const coredns = await corednsBinary({ environment, progress });

  const started = performance.now();
  const task = `cluster ${name}`;
  const tell = (detail: string) => progress({ task, state: 'running', detail });
  tell('making its namespaces');
  const state = await createState(name, directory);
  const work = join(directory, 'images');
  await mkdir(work);
  const pause = await compilePause(work);
  const images = ownImages(work, pause, coredns);
  // Whoever needs it is told; nobody may be listening yet.
  images.catch(() => undefined);
  const keep = [directory, cacheDirectory(environment)];
  const names = Array.from({ length: options.nodes }, (_, index) => `node${index + 1}`);
  const control = await makeNodeSpace(state, 'control', pause, keep);
  const nodes = await Promise.all(names.map((node) => makeNodeSpace(state, node, pause, keep)));
  for (const node of nodes) await state.record({ kind: 'node', node: node.name, pid: node.pid });
  const addresses = await connect(state, control, nodes);

  tell('starting the control plane');
  const authority = await createTestAuthority();
  const admin = await authority.client('admin', ['system:masters']);
  const containerds = Promise.all(
    nodes.map((node, index) => startContainerd(state, node, addresses.podsOf(index + 1), images)),
  );
  containerds.catch(() => undefined);
  const plane = await startControlPrograms(
    state,
    control,
    programs,
    authority,
    admin,
    addresses.control,
    options.apiServerArgs,
  );
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigYaml(plane.url, authority.certificate, admin), { mode: 0o600 });
  const kubectl = kubectlFor(programs.kubectl, kubeconfig);

  tell('starting the nodes');
  const controllers = await plane.startControllers();
  const runtimes = await containerds;
  const kubelets = await Promise.all(
    nodes.map((node, index) => startKubelet(state, node, addresses.node(index + 1), programs, authority, plane)),
  );
  await kubectl.input(corednsYaml(), 'apply', '-f', '-');
  const enforcers = options.networkPolicy
    ? await Promise.all(nodes.map((node) => startEnforcer(state, node, kubeconfig, addresses)))
    : [];
  const all = [...controllers, ...runtimes, ...kubelets.flat(), ...enforcers];
  await untilReady(kubectl, names, all, tell);
  const version = (await kubectl('get', '--raw', '/version')).match(/"gitVersion": "v([^"]+)"/)?.[1] ?? 'unknown';
  const at = new Date().toISOString();
  const { apiServerArgs, networkPolicy } = options;
  await state.record({ kind: 'up', version, apiServerArgs, networkPolicy, at });
  const took = performance.now() - started;
  const detail = `Kubernetes ${version} with ${names.length} nodes and DNS, upMilliseconds=${Math.round(took)} (${formatElapsed(took)})`;
  progress({ task, state: 'done', detail });
}

/** Waits for the nodes and for DNS. Throws what is missing, or which program ended with the end of its log. */
async function untilReady(
  kubectl: Kubectl,
  nodes: readonly string[],
  programs: readonly NodeProgram[],
  tell: (detail: string) => void,
): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  const condition = '{.status.conditions[?(@.type=="Ready")].status}';
  for (;;) {
    const ended = programs.find((program) => !program.runs());
    if (ended !== undefined) throw new Error(`${ended.name} ended: see ${ended.log}`);
    const lines = await kubectl('get', 'nodes', '-o', `jsonpath={range .items[*]}{.metadata.name}=${condition} {end}`);
    const ready = nodes.filter((node) => lines.includes(`${node}=True`)).length;
    const dns = await kubectl(
      'get',
      'deployment',
      'coredns',
      '-n',
      'kube-system',
      '-o',
      'jsonpath={.status.readyReplicas}',
    );
    const account = await kubectl('get', 'serviceaccount', 'default', '--ignore-not-found', '-o', 'name');
    if (ready === nodes.length && dns === '1' && account !== '') return;
    const missing = `${ready} of ${nodes.length} nodes ready, DNS ${dns === '1' ? 'ready' : 'not yet'}`;
    if (performance.now() > deadline) throw new Error(`after ${formatElapsed(READY_TIMEOUT_MS)}: ${missing}`);
    tell(missing);
    await delay(300);
  }
}
