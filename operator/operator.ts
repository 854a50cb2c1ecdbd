import { emptyResource } from '@dot-kube/proxy/envoy';
import type { MeshSettings } from '@dot-kube/proxy/model';
import {
  type AuthenticatedProxy,
  AuthenticationUnavailableError,
  type Credentials,
  type ListenAddress,
  type ProxyStatus,
  ResourceCache,
  typeUrls,
  XdsServer,
} from '@dot-kube/proxy/xds';
import { AUTHORIZATION_POLICY, MESH_POLICY, type Pod, TRAFFIC_SPLIT } from './api/index.ts';
import { SETTINGS } from './build/index.ts';
import { podFacts } from './build/pod-facts.ts';
import { policyStatus } from './build/status/policy-status.ts';
import { proxyTrusts } from './controllers/identity/proxy-trust.ts';
import { RootChange, RootFollower } from './controllers/identity/root-change.ts';
import { SecretPublisher } from './controllers/identity/secret-publisher.ts';
import type { ServerNames } from './controllers/identity/server-certificate.ts';
import { createInformers, type Informers } from './controllers/informers.ts';
import { LOCALITIES, LocalityCounts, localityKey } from './controllers/mesh/localities.ts';
import { entryKey, parseEntryKey } from './controllers/mesh/entry.ts';
import { MeshController } from './controllers/mesh/mesh-controller.ts';
import { createMeshGraph, type MeshGraph, trackedObject } from './controllers/mesh/mesh-graph.ts';
import { encoded } from './controllers/mesh/place.ts';
import { type Capture, EXPLICIT_PROXIES, type ExplicitProxy } from './controllers/mesh/workload-resources.ts';
import { ProxyDirectory, ProxyRefused } from './controllers/proxies/proxy-directory.ts';
import { hasRunningProxy, type Placement, placementOf } from './controllers/proxies/placement.ts';
import { ServiceController } from './controllers/services/service-controller.ts';
import { serviceNotes } from './controllers/services/service-notes.ts';
import { BatchedKeys } from './controllers/status/batched-keys.ts';
import { ProgrammingBoard } from './controllers/status/programming-board.ts';
import { Returning } from './controllers/status/returning.ts';
import { type StatusKind, StatusControllers } from './controllers/status/status-controllers.ts';
import { XdsRunnable } from './controllers/xds/xds-runnable.ts';
import type { ObjectChange } from './framework/derive/index.ts';
import {
  aborted,
  type Api,
  type Clock,
  EventRecorder,
  HealthServer,
  keyOf,
  type LeaderElection,
  type Logger,
  Manager,
  type MetricsRegistry,
  type Runnable,
} from './framework/index.ts';
import { type CertificateAuthority, IdentityIssuer, type TokenAuthenticator } from './identity/index.ts';

/** Everything that an operator is given; nothing is read from the environment. */
export interface OperatorOptions {
  readonly api: Api;
  readonly settings: MeshSettings;
  readonly capture: Capture;
  readonly authority: CertificateAuthority;
  readonly tokens: TokenAuthenticator;
  readonly xds: { readonly address: ListenAddress; readonly names: ServerNames; readonly plaintext?: ListenAddress };
  /** Where health and metrics are served. Default: nowhere. */
  readonly health?: ListenAddress;
  readonly election?: LeaderElection;
  /** The name of this replica. */
  readonly instance: string;
  /**
   * For so long after it began to lead the operator takes proxies that should be there, and are not yet, for ones that will
   * be back. Milliseconds. Default: 0, for where nobody can have been connected before.
   */
  readonly returnMs?: number;
  /** How a change of the root goes: see `IdentityIssuer` for `spreadMs` and `RootChange` for the others, and their defaults. */
  readonly rootChange?: { readonly spreadMs?: number; readonly holdMs?: number; readonly checkMs?: number };
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
}

/** How long Envoy keeps connections of a filter chain that was replaced, with a margin; see `envoyArgs`. */
const DRAIN_MS = 1200;

const NO_FINDINGS = { warnings: [] };

/** Counts of proxies in statuses follow after so long. */
const RECOUNT_MS = 1000;

/** A control plane: reconcilers over an API, and the xDS server that proxies connect to. */
export class Operator {
  readonly #options: OperatorOptions;
  readonly #graph: MeshGraph;
  readonly #cache = new ResourceCache();
  readonly #mesh: MeshController;
  readonly #informers: Informers;
  readonly #issuer: IdentityIssuer;
  readonly #secrets: SecretPublisher;
  readonly #rootChange: RootChange;
  readonly #directory: ProxyDirectory;
  readonly #localities = new LocalityCounts();
  readonly #server: XdsServer;
  readonly #xds: XdsRunnable;
  readonly #board: ProgrammingBoard;
  readonly #returning: Returning;
  readonly #statuses: StatusControllers;
  readonly #services: ServiceController;
  readonly #recount: BatchedKeys;
  readonly #events: EventRecorder;
  readonly #manager: Manager;

  constructor(options: OperatorOptions) {
    const { api, settings, capture, authority, tokens, clock, log, metrics } = options;
    this.#options = options;
    const { instance } = options;
    this.#events = new EventRecorder({ api, controller: 'mesh.dot-kube.io/operator', instance, clock, logger: log });
    this.#graph = createMeshGraph(capture);
    const { graph, placed } = this.#graph;
    this.#mesh = new MeshController({ graph, cache: this.#cache, placed, tracked: trackedObject, log });
    this.#mesh.take([{ collection: SETTINGS, key: 'mesh', object: settings }] as readonly ObjectChange[]);
    this.#informers = createInformers({ api, clock, logger: log, metrics }, (changes) => this.#mesh.take(changes));
    this.#issuer = new IdentityIssuer({ authority, clock, random: Math.random, ...options.rootChange });
    this.#secrets = new SecretPublisher({ issuer: this.#issuer, cache: this.#cache, log });
    this.#directory = new ProxyDirectory({
      pods: this.#informers.pods.store,
      tokens,
      placementOf: (pod) => this.#placementOf(pod),
      want: (identity) => this.#issuer.want(identity),
    });
    this.#recount = new BatchedKeys(clock, RECOUNT_MS, (objects) => {
      for (const object of objects) this.#statuses.touch(object);
    });
    this.#server = this.#createServer();
    this.#xds = new XdsRunnable({ server: this.#server, authority, clock, log, ...options.xds });
    const trust = { server: this.#server, cache: this.#cache, expected: () => this.#runningProxies() };
    const change = { authority, issuer: this.#issuer, proxies: () => proxyTrusts(trust), ...options.rootChange };
    this.#rootChange = new RootChange({ ...change, clock, log });
    this.#returning = this.#createReturning();
    this.#board = this.#createBoard();
    this.#statuses = this.#createStatuses();
    this.#services = this.#createServiceController();
    this.#mesh.subscribe({
      verdict: ({ derivation, key }) => {
        if (derivation.name === serviceNotes.name) this.#services.touch(key);
        else this.#statuses.touch(key);
      },
    });
    this.#manager = this.#createManager();
  }

  /** Runs until the signal aborts; rejects with what ended it otherwise. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#manager.run(signal);
    } finally {
      this.#board.close();
      this.#returning.close();
      this.#recount.close();
      this.#directory.close();
      this.#secrets.close();
      this.#issuer.close();
    }
  }

  /** Resolves with the port of the xDS server once proxies may connect. */
  async listening(): Promise<number> {
    await this.#xds.started();
    return this.#xds.bound?.port ?? 0;
  }

  /** How every connected proxy stands. */
  proxies(): readonly ProxyStatus[] {
    return this.#server.proxies();
  }

  /** What is held back because a proxy refused it. */
  quarantined(): ReturnType<XdsServer['quarantined']> {
    return this.#server.quarantined();
  }

  /** Changes the root certificate although it is not due yet; step by step, without an interruption. */
  changeRoot(): void {
    this.#rootChange.request();
  }

  /** Proxies to which nothing is redirected, all of them or a change: an absent `proxy` is one that is gone. */
  placeExplicit(changes: readonly { readonly proxyId: string; readonly proxy?: ExplicitProxy }[]): void {
    this.#mesh.take(
      changes.map(({ proxyId, proxy }) => ({
        collection: EXPLICIT_PROXIES,
        key: proxyId,
        ...(proxy === undefined ? {} : { object: proxy }),
      })) as readonly ObjectChange[],
    );
  }

  #placementOf(pod: Pod): Placement | undefined {
    const facts = this.#graph.graph.peek(podFacts, `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
    return placementOf(pod, this.#options.settings, facts?.locality);
  }

  #createServer(): XdsServer {
    const { log } = this.#options;
    return new XdsServer({
      cache: this.#cache,
      authenticate: (credentials) => this.#authenticate(credentials),
      emptyResource: (type, name) => {
        const empty = emptyResource(type, name);
        return empty === undefined ? undefined : encoded(empty);
      },
      observer: {
        connected: ({ proxyId }) => {
          log.info('a proxy connected', { proxy: proxyId });
          this.#board.connected(proxyId);
        },
        disconnected: ({ proxyId, reason, remaining }) => {
          log.info('a proxy disconnected', { proxy: proxyId, reason });
          if (remaining === 0) this.#board.disconnected(proxyId);
        },
        refused: ({ remoteAddress, reason }) => log.warn('a connection was refused', { remoteAddress, reason }),
        acked: ({ proxyId, entries }) => {
          for (const entry of entries) {
            this.#board.acknowledged(proxyId, entryKey(entry), entry.revision);
            for (const object of this.#mesh.objectsOf(entry)) this.#recount.add(object);
          }
        },
        nacked: ({ proxyId, type, names, error }) =>
          log.warn('a proxy refused resources', { proxy: proxyId, type, names: names.slice(0, 5), error }),
        rejected: () => this.#board.rejectionsChanged(),
        quarantined: () => this.#board.rejectionsChanged(),
        released: () => this.#board.rejectionsChanged(),
      },
    });
  }

  async #authenticate({ token }: Credentials): Promise<AuthenticatedProxy> {
    try {
      const admitted = await this.#directory.admit(token);
      const { placement } = admitted;
      await this.#secrets.published(placement.identity);
      let detach = (): void => {};
      return {
        proxyId: placement.proxyId,
        layers: placement.layers,
        onOpened: (connection) => {
          const leave = this.#enterLocality(placement.proxyId);
          const release = admitted.attach(connection);
          detach = () => {
            leave();
            release();
          };
        },
        onClosed: () => detach(),
      };
    } catch (cause) {
      if (cause instanceof ProxyRefused && !cause.retryable) throw cause;
      throw new AuthenticationUnavailableError('the proxy cannot be admitted at present', { cause });
    }
  }

  /** Endpoints are put in order for the places where proxies are, before the first answer to one. */
  #enterLocality(proxyId: string): () => void {
    const locality = this.#graph.graph.peek(podFacts, proxyId)?.locality;
    if (locality === undefined) return () => {};
    const tell = (object?: typeof locality): void =>
      this.#mesh.take([
        { collection: LOCALITIES, key: localityKey(locality), ...(object && { object }) },
      ] as readonly ObjectChange[]);
    if (this.#localities.add(locality)) {
      tell(locality);
      this.#mesh.flush();
    }
    return () => {
      if (this.#localities.remove(locality)) tell();
    };
  }

  #createBoard(): ProgrammingBoard {
    const server = this.#server;
    return new ProgrammingBoard({
      source: {
        connected: () => server.connected(),
        uses: (proxy, entry) => server.uses(proxy, parseEntryKey(entry)),
        ackedRevision: (proxy, entry) => server.ackedRevision(proxy, parseEntryKey(entry)),
        rejections: () =>
          server.rejections().map((held) => ({ entry: entryKey(held), proxy: held.proxy, message: held.error })),
        usersOf: (entries) => {
          const refs = entries.map(parseEntryKey);
          return server.connected().filter((proxy) => refs.some((ref) => server.uses(proxy, ref))).length;
        },
      },
      mesh: this.#mesh,
      clock: this.#options.clock,
      drainMs: DRAIN_MS,
      isListener: (type) => type === typeUrls.listener,
      isReturning: () => this.#returning.isUnderWay,
      moved: (object) => this.#statuses.touch(object),
      gone: () => {
        for (const object of this.#mesh.objects()) this.#recount.add(object);
      },
    });
  }

  /** Ids of the proxies that run, as far as the API tells. */
  #runningProxies(): readonly string[] {
    const { pods } = this.#informers;
    return pods.store
      .list()
      .filter(hasRunningProxy)
      .map(({ metadata }) => keyOf(metadata));
  }

  #createReturning(): Returning {
    return new Returning({
      clock: this.#options.clock,
      graceMs: this.#options.returnMs ?? 0,
      expected: () => this.#runningProxies(),
      isBack: (proxy) => this.#server.connection(proxy)?.session.isUpToDate === true,
      over: () => this.#board.returned(),
    });
  }

  #createStatuses(): StatusControllers {
    const { api, clock, log, metrics } = this.#options;
    const { meshPolicies, trafficSplits, authorizationPolicies } = this.#informers;
    const kinds: readonly StatusKind[] = [
      { kind: MESH_POLICY, informer: meshPolicies },
      { kind: TRAFFIC_SPLIT, informer: trafficSplits },
      { kind: AUTHORIZATION_POLICY, informer: authorizationPolicies },
    ] as unknown as readonly StatusKind[];
    return new StatusControllers({
      kinds,
      api,
      clock,
      logger: log,
      metrics,
      events: this.#events,
      verdictOf: (object) => this.#graph.graph.peek(policyStatus, object)?.verdict ?? NO_FINDINGS,
      programmingOf: (object, generation) => this.#board.programmingOf(object, generation),
    });
  }

  #createServiceController(): ServiceController {
    const { clock, log, metrics } = this.#options;
    return new ServiceController({
      informer: this.#informers.services,
      clock,
      logger: log,
      metrics,
      events: this.#events,
      findingsOf: (key) => this.#graph.graph.peek(serviceNotes, key),
    });
  }

  #createManager(): Manager {
    const { authority, clock, log, metrics, election, health, rootChange } = this.#options;
    const manager = new Manager({ clock, logger: log, ...(election && { election }) });
    if (health !== undefined) {
      const synced = Object.values(this.#informers).map(
        (informer) => [informer.name, () => informer.hasSynced] as const,
      );
      const ready = { manager: () => manager.isReady, ...Object.fromEntries(synced) };
      manager.add(
        new HealthServer({ port: health.port, ...(health.host && { host: health.host }), ready, metrics, logger: log }),
      );
    }
    const compile: Runnable = {
      name: 'mesh',
      stage: 'worker',
      run: async (signal) => {
        this.#mesh.markSynced();
        await aborted(signal);
      },
    };
    const returning: Runnable = {
      name: 'returning-proxies',
      stage: 'leader',
      run: async (signal) => {
        this.#returning.begin();
        await aborted(signal);
        this.#returning.close();
      },
    };
    const controllers = [...this.#statuses.controllers, this.#services.controller];
    const roots = [this.#rootChange, new RootFollower({ authority, clock, log, ...rootChange })];
    return manager.add(...Object.values(this.#informers), compile, this.#xds, ...roots, returning, ...controllers);
  }
}
