import { dirname, delimiter, join } from 'node:path';
import { keyOfObject } from '../framework/api/object.ts';
import { type Clock, createMetricsRegistry, type LogLevel } from '../framework/index.ts';
import { InMemoryApi } from '../framework/memory/index.ts';
import { CertificateAuthority, LocalTokenIssuer, MemoryCaStore } from '../identity/index.ts';
import { Operator } from '../operator.ts';
import { firstPort } from './addresses/first-port.ts';
import { LoopbackPlan } from './addresses/loopback-plan.ts';
import { claimSlot } from './addresses/slot.ts';
import { ClusterController } from './cluster/cluster-controller.ts';
import { SERVICE_CIDR } from './cluster/service-addresses.ts';
import { type FolderReport, FolderSource } from './folder/folder-source.ts';
import { freePort } from './free-port.ts';
import { startStores } from './local-stores.ts';
import { explicitProxyOf } from './placements.ts';
import { LocalNode } from './pods/local-node.ts';
import { podId, type RunningPod } from './pods/running-pod.ts';
import { LogFile } from './processes/log-file.ts';
import { ProcessJournal } from './processes/process-journal.ts';
import { Watchdog } from './processes/watchdog.ts';
import { type ProgrammedEvent, watchProgramming } from './programming-watch.ts';
import { fileLogger } from './run/file-logger.ts';
import { RunDirectory } from './run/run-directory.ts';
import { type MeshView, meshView } from './mesh-view.ts';
import { LocalServer } from './status/local-server.ts';
import { Parties, partyOf } from './traffic/parties.ts';
import { parseAccessLogLine } from './traffic/access-log-entry.ts';
import { trafficEvent } from './traffic/traffic-event.ts';
import { TrafficWindow } from './traffic/traffic-window.ts';

/** How to run a mesh of a folder. */
export interface LocalMeshOptions {
  /** The manifests. */
  readonly folder: string;
  /** Where logs and sockets go. */
  readonly runDirectory: string;
  /** Where applications run. */
  readonly workingDirectory: string;
  readonly trustDomain: string;
  readonly envoyPath: string;
  readonly clock: Clock;
  readonly logLevel: LogLevel;
  readonly events: LocalMeshEvents;
}

/** What is told while it runs. Callbacks must not throw. */
export interface LocalMeshEvents {
  /** The folder was read and something changed, or is wrong. */
  readonly folder: (report: FolderReport) => void;
  /** Something happened to a replica, in words. */
  readonly notice: (pod: string, message: string) => void;
  /** A generation of an object is in force, or is not to be. */
  readonly programmed: (event: ProgrammedEvent) => void;
  /** The control plane ended by itself. */
  readonly failed: (error: unknown) => void;
}

/** The name in the control plane's certificate. */
const SERVER_NAME = 'control-plane.dot-kube.internal';

/** A mesh without a cluster: the operator over an API in memory that follows a folder, and every replica as processes. */
export class LocalMesh {
  readonly view: MeshView;
  readonly #stack: AsyncDisposableStack;

  private constructor(view: MeshView, stack: AsyncDisposableStack) {
    this.view = view;
    this.#stack = stack;
  }

  /** Starts everything that the folder says. What was started is stopped again when something fails. */
  static async start(options: LocalMeshOptions): Promise<LocalMesh> {
    const stack = new AsyncDisposableStack();
    try {
      return new LocalMesh(await compose(options, stack), stack);
    } catch (error) {
      await stack.disposeAsync();
      throw error;
    }
  }

  /** Ends all processes and forgets everything but the logs. */
  async stop(): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** Puts the parts together, in the order of the start; the stop is the reverse. */
async function compose(options: LocalMeshOptions, stack: AsyncDisposableStack): Promise<MeshView> {
  const { clock, events, folder, trustDomain } = options;
  const run = await RunDirectory.claim(options.runDirectory, folder);
  stack.defer(() => run.release());
  const journal = new ProcessJournal(join(run.path, 'processes.json'));
  await journal.clean();
  const watchdog = new Watchdog();
  stack.defer(() => watchdog.close());
  const slot = await claimSlot();
  stack.defer(() => slot.release());
  const plan = new LoopbackPlan(slot.number, await firstPort());
  const logFile = new LogFile(join(run.path, 'logs', 'control-plane.log'));
  stack.defer(() => logFile.close());
  const log = fileLogger(logFile, clock, options.logLevel);

  const api = new InMemoryApi({ clock });
  const source = new FolderSource({ root: folder, api, clock, onReport: events.folder });
  stack.defer(() => source.close());
  await source.start();

  const authority = await CertificateAuthority.open({ store: new MemoryCaStore(), trustDomain, clock });
  const tokens = new LocalTokenIssuer({ clock });
  const operator = new Operator({
    api,
    settings: { trustDomain, clusterDomain: 'cluster.local', serviceCidrs: [SERVICE_CIDR] },
    capture: 'explicit',
    authority,
    tokens,
    xds: { address: { host: '127.0.0.1', port: 0 }, names: { dnsNames: [SERVER_NAME] } },
    instance: 'local',
    clock,
    log,
    metrics: createMetricsRegistry(),
  });
  const stopping = new AbortController();
  const running = operator.run(stopping.signal);
  running.catch((error: unknown) => {
    if (!stopping.signal.aborted) events.failed(error);
  });
  const stores = await startStores({ api, clock, log, signal: stopping.signal });
  stack.defer(async () => {
    stopping.abort();
    await Promise.allSettled([running, stores.ended]);
  });
  const port = await Promise.race([operator.listening(), running.then(endedEarly)]);
  stack.defer(watchProgramming(stores.policies, clock, events.programmed));

  const traffic = new TrafficWindow();
  const parties = new Parties(plan.addressesOf('terminal').pod);
  const placed = new Map<string, RunningPod>();
  const place = (pods: Iterable<RunningPod>): void => {
    const services = stores.services.list();
    operator.placeExplicit(
      [...pods].flatMap(({ addresses, listening, meshed, pod }) => {
        if (!meshed || listening === undefined) return [];
        const serviceAddress = (service: string): string => plan.serviceAddress(podId(pod), service);
        const servicePort = (port: number): number => plan.servicePort(port);
        const proxy = explicitProxyOf({ pod, addresses, listening, services, serviceAddress, servicePort });
        return [{ proxyId: proxy.proxyId, proxy }];
      }),
    );
  };
  const node = new LocalNode({
    ...stores,
    context: {
      api,
      plan,
      clock,
      watchdog,
      journal,
      tokens,
      freePort,
      envoyPath: options.envoyPath,
      directory: run.path,
      workingDirectory: options.workingDirectory,
      environment: environmentOf(process.env),
      controlPlane: {
        address: { host: '127.0.0.1', port },
        serverName: SERVER_NAME,
        roots: {
          pem: authority.trustBundle.pem,
          onChange: (listener) => authority.onChange((bundle) => listener(bundle.pem)),
        },
      },
      services: () => stores.services.list(),
      dataOf: (kind, name, namespace) =>
        (kind === 'Secret' ? stores.secrets : stores.configMaps).get({ namespace, name }),
      notice: (pod, message) => events.notice(keyOfObject(pod), message),
      onAccessLog: (pod, line) => {
        const entry = parseAccessLogLine(line);
        const event = entry === undefined ? undefined : trafficEvent(entry, partyOf(pod, trustDomain), parties);
        if (event !== undefined) traffic.add(event, clock.monotonic());
      },
      onPlaced: (pod) => {
        parties.add(pod.addresses.pod, partyOf(pod.pod, trustDomain));
        placed.set(podId(pod.pod), pod);
        place([pod]);
      },
    },
    onEnded: ({ pod }) => {
      placed.delete(podId(pod));
      const successor = [...placed.values()].some((other) => keyOfObject(other.pod) === keyOfObject(pod));
      if (!successor) operator.placeExplicit([{ proxyId: keyOfObject(pod) }]);
    },
  });
  stack.defer(() => node.close());
  stack.defer(stores.services.subscribe(() => place(placed.values())));
  const cluster = new ClusterController({ api, stores, clock, log });
  stack.defer(() => cluster.close());
  cluster.start();
  node.start();

  const view = meshView({ run, stores, node, operator, traffic, clock });
  const server = new LocalServer(run.socket, view.questions);
  await server.listen();
  stack.defer(() => server.close());
  return view;
}

function endedEarly(): never {
  throw new Error('the control plane ended before it listened');
}

/** What applications inherit: everything, and the Node.js that runs this before any other. */
function environmentOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const path = [dirname(process.execPath), environment['PATH'] ?? ''].join(delimiter);
  return { ...environment, PATH: path };
}
