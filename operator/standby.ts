import { type ListenAddress, type ServerCertificate, XdsServer } from '@dot-kube/proxy/xds';
import { EmptyResources } from './controllers/mesh/empty-resources.ts';
import { PresenceKeeper } from './controllers/standby/presence.ts';
import { Primaries } from './controllers/standby/primaries.ts';
import { Snapshot } from './controllers/standby/snapshot.ts';
import type { FollowPrimary, PrimaryAddress } from './controllers/standby/snapshot-client.ts';
import { StandbyDirectory } from './controllers/standby/standby-directory.ts';
import {
  type Api,
  aborted,
  type Clock,
  HealthServer,
  type Logger,
  Manager,
  type MetricsRegistry,
  type Runnable,
  sleep,
  type Stage,
} from './framework/index.ts';
import type { TokenAuthenticator } from './identity/index.ts';
import { measureStandby } from './standby-metrics.ts';

/** Everything that a standby is given. */
export interface StandbyOptions {
  readonly api: Pick<Api, 'get'>;
  readonly tokens: TokenAuthenticator;
  readonly follow: FollowPrimary;
  /** Where the replicas are now; rejects when that cannot be told. */
  readonly primaries: () => Promise<readonly PrimaryAddress[]>;
  readonly xds: ListenAddress;
  /** Where health and metrics are served. Default: nowhere. */
  readonly health?: ListenAddress;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
}

/** How often it is asked where the replicas are, and what is gone is taken out, milliseconds. */
const RESOLVE_MS = 2000;
const SWEEP_MS = 1000;

/** Streams are ended one each so many milliseconds when the control plane is back: it has to take all of them. */
const HAND_BACK_GAP_MS = 5;

/**
 * Serves what proxies acknowledged to those that start while the control plane is away, and sends them to it when it is back. It has no
 * authority and writes nothing: certificates, its own included, come from the control plane, and last for as long as they do.
 */
export class Standby {
  readonly #options: StandbyOptions;
  readonly #snapshot: Snapshot;
  readonly #presence: PresenceKeeper;
  readonly #primaries: Primaries;
  readonly #server: XdsServer;
  readonly #listening = Promise.withResolvers<number>();
  readonly #certified = Promise.withResolvers<ServerCertificate>();
  #trustDomain: string | undefined;
  #isListening = false;

  constructor(options: StandbyOptions) {
    const { api, clock, follow, log, tokens } = options;
    this.#options = options;
    this.#snapshot = new Snapshot(clock);
    this.#primaries = new Primaries({
      follow,
      snapshot: this.#snapshot,
      certified: (certificate) => this.#certify(certificate),
      named: (trustDomain) => (this.#trustDomain = trustDomain),
      heard: () => this.#presence.update(),
      clock,
      log,
    });
    this.#presence = new PresenceKeeper(clock, () => this.#primaries.heard(), {
      away: () => this.#away(),
      answers: () => this.#answers(),
    });
    const empty = new EmptyResources();
    const directory = new StandbyDirectory({
      snapshot: this.#snapshot,
      tokens,
      api,
      trustDomain: () => this.#trustDomain,
    });
    this.#server = new XdsServer({
      cache: this.#snapshot.cache,
      isProven: true,
      authenticate: (credentials) => directory.authenticate(credentials),
      closedFor: () => this.#closedFor(),
      emptyResource: (type, name) => empty.get(type, name),
      observer: {
        connected: ({ proxyId }) => log.info('a proxy connected', { proxy: proxyId }),
        disconnected: ({ proxyId, reason }) => log.info('a proxy disconnected', { proxy: proxyId, reason }),
        // While the control plane answers that is how it is.
        refused: ({ remoteAddress, reason }) =>
          log[this.isServing ? 'warn' : 'debug']('a connection was refused', { remoteAddress, reason }),
        nacked: ({ proxyId, type, names, error }) =>
          log.warn('a proxy refused resources', { proxy: proxyId, type, names: names.slice(0, 5), error }),
      },
    });
  }

  /** Whether proxies are let in. */
  get isServing(): boolean {
    return this.#closedFor() === undefined;
  }

  /** Resolves with the port that proxies connect to, once there is a certificate to show them. */
  listening(): Promise<number> {
    return this.#listening.promise;
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, health, log, metrics } = this.#options;
    measureStandby(metrics, {
      isServing: () => this.isServing,
      snapshot: this.#snapshot,
      server: this.#server,
      primaries: this.#primaries,
    });
    const manager = new Manager({ clock, logger: log });
    if (health !== undefined) {
      const ready = { snapshot: () => this.#snapshot.isComplete, xds: () => this.#isListening };
      manager.add(new HealthServer({ ...health, ready, metrics, logger: log }));
    }
    manager.add(
      runnable('xds', (stopped) => this.#serve(stopped)),
      runnable('primaries', (stopped) => this.#follow(stopped)),
      runnable('sweep', (stopped) => this.#sweep(stopped)),
    );
    await manager.run(signal);
    this.#presence.close();
  }

  #closedFor(): string | undefined {
    if (!this.#snapshot.isComplete) return 'no control plane has been heard yet, so there is nothing to serve';
    return this.#presence.kind === 'answers' ? 'the control plane answers' : undefined;
  }

  #away(): void {
    const { log } = this.#options;
    if (this.#snapshot.isComplete) log.warn('the control plane is away: proxies that start are served from here');
  }

  #answers(): void {
    const proxies = this.#server.connected().length;
    this.#options.log.info('the control plane answers: proxies are sent to it', { proxies });
    this.#server.endStreams('the control plane answers', HAND_BACK_GAP_MS);
  }

  #certify(certificate: ServerCertificate): void {
    this.#certified.resolve(certificate);
    if (this.#isListening) this.#server.setCertificate(certificate);
  }

  async #serve(signal: AbortSignal): Promise<void> {
    const { log, xds } = this.#options;
    const certificate = await Promise.race([this.#certified.promise, aborted(signal).then(() => undefined)]);
    if (certificate !== undefined) {
      const { port } = await this.#server.listen(xds, certificate);
      this.#isListening = true;
      log.info('xDS is served', { port });
      this.#listening.resolve(port);
      await aborted(signal);
    }
    await this.#server.close();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { clock, log, primaries } = this.#options;
    let hasFailed = false;
    while (!signal.aborted) {
      try {
        this.#primaries.follow(await primaries());
        hasFailed = false;
      } catch (error) {
        // Those that are known stay.
        if (!hasFailed) log.warn('it cannot be told where the control plane is', { error });
        hasFailed = true;
      }
      await sleep(clock, RESOLVE_MS, signal);
    }
    await this.#primaries.close();
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#options.clock, SWEEP_MS, signal);
      this.#snapshot.sweep();
    }
  }
}

function runnable(name: string, run: (signal: AbortSignal) => Promise<void>): Runnable {
  const stage: Stage = 'worker';
  return { name, stage, run };
}
