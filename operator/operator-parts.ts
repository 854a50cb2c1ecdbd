import { ResourceCache, type XdsServer } from '@dot-kube/proxy/xds';
import { AUTHORIZATION_POLICY, MESH_POLICY, type Pod, TRAFFIC_SPLIT } from './api/index.ts';
import { SETTINGS } from './build/index.ts';
import { podFacts } from './build/pod-facts.ts';
import { policyStatus } from './build/status/policy-status.ts';
import {
  type OtherReplica,
  proxyTrusts,
  type ReplicaTrust,
  replicaTrust,
  rootNames,
  signedElsewhere,
  stableTrust,
  withReplicas,
} from './controllers/identity/proxy-trust.ts';
import { RootChange } from './controllers/identity/root-change.ts';
import { SecretPublisher } from './controllers/identity/secret-publisher.ts';
import { createInformers, type Informers } from './controllers/informers.ts';
import { MeshController } from './controllers/mesh/mesh-controller.ts';
import { createMeshGraph, type MeshGraph, trackedObject } from './controllers/mesh/mesh-graph.ts';
import { hasRunningProxy, type Placement, placementOf } from './controllers/proxies/placement.ts';
import { ProxyDirectory } from './controllers/proxies/proxy-directory.ts';
import { ServiceController } from './controllers/services/service-controller.ts';
import { serviceNotes } from './controllers/services/service-notes.ts';
import type { SnapshotServer } from './controllers/standby/snapshot-server.ts';
import type { Replicas } from './controllers/replicas/replicas.ts';
import { BatchedKeys } from './controllers/status/batched-keys.ts';
import type { ProgrammingBoard } from './controllers/status/programming-board.ts';
import type { Returning } from './controllers/status/returning.ts';
import { type StatusKind, StatusControllers } from './controllers/status/status-controllers.ts';
import { XdsRunnable } from './controllers/xds/xds-runnable.ts';
import type { ObjectChange } from './framework/derive/index.ts';
import { EventRecorder, keyOf } from './framework/index.ts';
import { IdentityIssuer } from './identity/index.ts';
import { createInjection, type Injection } from './operator-injection.ts';
import type { OperatorOptions } from './operator-options.ts';
import { createProgramming } from './operator-programming.ts';
import { createReplicas } from './operator-replicas.ts';
import { createSnapshots } from './operator-standby.ts';
import { createXdsServer } from './operator-xds-server.ts';

/** What an operator is made of: made once, from top to bottom, and given to what runs. */
export interface OperatorParts {
  readonly options: OperatorOptions;
  readonly informers: Informers;
  readonly events: EventRecorder;
  readonly graph: MeshGraph;
  readonly mesh: MeshController;
  readonly cache: ResourceCache;
  readonly issuer: IdentityIssuer;
  readonly secrets: SecretPublisher;
  readonly injection: Injection;
  readonly rootChange: RootChange;
  readonly directory: ProxyDirectory;
  readonly server: XdsServer;
  readonly xds: XdsRunnable;
  readonly board: ProgrammingBoard;
  readonly returning: Returning;
  readonly recount: BatchedKeys;
  readonly statuses: StatusControllers;
  readonly services: ServiceController;
  /** Ids of the proxies that run, as far as the API tells. */
  readonly runningProxies: () => readonly string[];
  /** The other replicas, where there may be any. */
  readonly replicas: Replicas | undefined;
  /** What standbys are told, where there may be any. */
  readonly snapshots: SnapshotServer | undefined;
}

const NO_FINDINGS = { warnings: [] };

/** Nobody notices so little, and a thousand changes a second are a few pushes. Milliseconds. */
const PUSH_PAUSE = { milliseconds: 25, most: 100, quiet: 15 };

/** Counts of proxies in statuses follow after so long. */
const RECOUNT_MS = 1000;

/** Makes the parts and ties them together; nothing runs yet. */
export function createOperatorParts(options: OperatorOptions): OperatorParts {
  const { api, isCluster = false, settings, capture, authority, clock, instance, log, metrics, tokens } = options;
  const events = new EventRecorder({ api, controller: 'mesh.dot-kube.io/operator', instance, clock, logger: log });
  const cache = new ResourceCache();
  const graph = createMeshGraph(capture);
  const mesh = new MeshController({
    graph: graph.graph,
    cache,
    placed: graph.placed,
    tracked: trackedObject,
    log,
    pause: { clock, ...PUSH_PAUSE },
  });
  mesh.take([{ collection: SETTINGS, key: 'mesh', object: settings }] as readonly ObjectChange[]);
  const informers = createInformers({ api, clock, logger: log, metrics, isCluster }, (changes) => mesh.take(changes));
  const runningProxies = (): readonly string[] =>
    informers.pods.store
      .list()
      .filter(hasRunningProxy)
      .map(({ metadata }) => keyOf(metadata));
  const issuer = new IdentityIssuer({ authority, clock, random: Math.random, ...options.rootChange });
  const secrets = new SecretPublisher({ issuer, cache, log });
  const placed = (pod: Pod): Placement | undefined => placementIn(graph, options, pod);
  const directory = new ProxyDirectory({
    pods: informers.pods.store,
    tokens,
    placementOf: placed,
    want: (identity) => issuer.want(identity),
  });
  const recount = new BatchedKeys(clock, RECOUNT_MS, (objects) => {
    for (const object of objects) touch(object);
  });
  const server = createXdsServer({
    cache,
    clock,
    graph,
    mesh,
    directory,
    secrets,
    recount,
    board: () => board,
    acknowledged: (entries) => snapshots?.touch(entries),
    log,
  });
  const xds = new XdsRunnable({ server, authority, clock, log, ...options.xds });
  const snapshots = createSnapshots({ options, informers, cache, server, xds, placementOf: placed });
  const injection = createInjection({ options, informers, events });
  const held = { server, cache, expected: runningProxies };
  const others = (): readonly OtherReplica[] => replicas?.views() ?? [];
  const change = {
    authority,
    issuer: {
      signedByOthers: (root: string) => issuer.signedByOthers(root) + signedElsewhere(others(), { signing: root }),
    },
    proxies: () => withReplicas(proxyTrusts(held), others(), rootNames(authority)),
    behind: injection.behind,
  };
  const rootChange = new RootChange({ ...change, ...options.rootChange, clock, log });
  const touch = (object: string, waits = false): void => {
    statuses.touch(object, waits);
    replicas?.touch(object);
  };
  const trust = (): ReplicaTrust => {
    const roots = rootNames(authority);
    if (authority.state === 'stable') return stableTrust(roots);
    return replicaTrust(held, roots, issuer.signedByOthers(roots.signing));
  };
  const replicas = createReplicas({ options, informers, server, mesh, recount, trust, board: () => board, touch });
  const { board, returning } = createProgramming({
    server,
    cache,
    mesh,
    recount,
    runningProxies,
    clock,
    returnMs: options.returnMs ?? 0,
    touch,
    ...(replicas && { replicas }),
  });
  const statuses = createStatuses({ options, informers, events, graph, board });
  const services = new ServiceController({
    informer: informers.services,
    clock,
    logger: log,
    metrics,
    events,
    findingsOf: (key) => graph.graph.peek(serviceNotes, key),
  });
  mesh.subscribe({
    verdict: ({ derivation, key }) => {
      if (derivation.name === serviceNotes.name) services.touch(key);
      else if (derivation.name === policyStatus.name) statuses.touch(key);
    },
  });
  return {
    options,
    informers,
    events,
    graph,
    mesh,
    cache,
    issuer,
    secrets,
    injection,
    rootChange,
    directory,
    server,
    xds,
    board,
    returning,
    recount,
    statuses,
    services,
    runningProxies,
    replicas,
    snapshots,
  };
}

function placementIn({ graph }: MeshGraph, { settings }: OperatorOptions, pod: Pod): Placement | undefined {
  const facts = graph.peek(podFacts, `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
  return placementOf(pod, settings, facts?.locality);
}

function createStatuses({
  options,
  informers,
  events,
  graph,
  board,
}: Pick<OperatorParts, 'options' | 'informers' | 'events' | 'graph' | 'board'>): StatusControllers {
  const { api, clock, log, metrics } = options;
  const kinds: readonly StatusKind[] = [
    { kind: MESH_POLICY, informer: informers.meshPolicies },
    { kind: TRAFFIC_SPLIT, informer: informers.trafficSplits },
    { kind: AUTHORIZATION_POLICY, informer: informers.authorizationPolicies },
  ] as unknown as readonly StatusKind[];
  return new StatusControllers({
    kinds,
    api,
    clock,
    logger: log,
    metrics,
    events,
    verdictOf: (object) => graph.graph.peek(policyStatus, object)?.verdict ?? NO_FINDINGS,
    programmingOf: (object, generation) => board.programmingOf(object, generation),
    stopped: () => board.unwatched(),
  });
}
