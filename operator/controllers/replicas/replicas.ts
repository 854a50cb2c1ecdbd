import type { ListenAddress, Rejection } from '@dot-kube/proxy/xds';
import {
  aborted,
  type Clock,
  gauge,
  type Logger,
  type MetricsRegistry,
  type Runnable,
  type Stage,
} from '../../framework/index.ts';
import type { CertificateAuthority } from '../../identity/index.ts';
import type { ReplicaView } from '../status/standing.ts';
import { Peers, type PeersOptions } from './peers.ts';
import { reportClient } from './report-client.ts';
import type { ReportSource } from './report-feed.ts';
import type { ReportedRefusal } from './report.ts';
import { ReportServer } from './report-server.ts';

/** Where the replicas are, this one among them. */
export interface ReplicaMembers {
  /** `host:port` of each. */
  addresses(): readonly string[];
  /** Calls back when they may be others. Answers how to stop. */
  subscribe(changed: () => void): () => void;
}

/** What replicas tell each other, and what that changes here. */
export interface ReplicasOptions extends Pick<PeersOptions, 'lapseMs' | 'moved' | 'refused' | 'changed'> {
  /** Where this replica serves its reports. */
  readonly address: ListenAddress;
  /** Where the operator runs. */
  readonly namespace: string;
  readonly members: ReplicaMembers;
  readonly source: ReportSource;
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
}

/**
 * All replicas serve proxies, and the one that leads writes what proxies of all of them acknowledged: each tells how its own
 * stand, and the leader follows the others.
 */
export class Replicas {
  readonly #options: ReplicasOptions;
  readonly #server: ReportServer;
  readonly #peers: Peers;

  constructor(options: ReplicasOptions) {
    this.#options = options;
    this.#server = new ReportServer(options);
    const follow = reportClient(() => this.#server.identity);
    this.#peers = new Peers({ ...options, instance: options.source.instance, follow });
    this.#measure(options.metrics);
  }

  /** The other replicas that count, as far as this one follows them. */
  views(): readonly ReplicaView[] {
    return this.#peers.views();
  }

  /** What proxies of others refuse. */
  refusals(): readonly ReportedRefusal[] {
    return this.#peers.refusals();
  }

  /** Whether a proxy is connected to another replica. */
  hasElsewhere(proxy: string): boolean {
    return this.views().some(({ connected }) => connected.has(proxy));
  }

  /** How an object stands among the proxies of this replica may have changed. */
  touch(object: string): void {
    this.#server.touch(object);
  }

  /** Proxies connected or left, or what they refuse changed. */
  touchProxies(): void {
    this.#server.touchProxies();
  }

  /** What tells others, on every replica, and what follows them, on the one that leads. */
  runnables(): readonly Runnable[] {
    return [this.#server, this.#follower()];
  }

  #follower(): Runnable {
    const { members } = this.#options;
    const peers = this.#peers;
    const stage: Stage = 'leader';
    return {
      name: 'replica-follower',
      stage,
      run: async (signal) => {
        const follow = (): void => peers.follow(members.addresses());
        const end = members.subscribe(follow);
        follow();
        await aborted(signal);
        end();
        await peers.close();
      },
    };
  }

  #measure(metrics: MetricsRegistry): void {
    const [peers, server] = [this.#peers, this.#server];
    gauge(metrics, {
      name: 'dot_kube_replicas',
      help: 'Other replicas of the control plane, as the one that leads knows them: live, silent, or lapsing (silent and still counted).',
      labelNames: ['state'],
      collect() {
        const states = peers.health().map(({ state }) => state);
        for (const each of ['live', 'silent'] as const)
          this.set({ state: each }, states.filter((state) => state === each).length);
        this.set({ state: 'lapsing' }, peers.lapsing);
      },
    });
    gauge(metrics, {
      name: 'dot_kube_replica_report_age_seconds',
      help: 'Since another replica was last heard of.',
      labelNames: ['address'],
      collect() {
        this.reset();
        for (const { address, ageMs, state } of peers.health())
          if (ageMs !== undefined && state !== 'self') this.set({ address }, ageMs / 1000);
      },
    });
    gauge(metrics, {
      name: 'dot_kube_replica_report_streams',
      help: 'Other replicas that this one tells how its proxies stand.',
      collect() {
        this.set(server.streams);
      },
    });
  }
}

/** What is to be told of contents that proxies refuse. */
export function reportedRefusals(rejections: readonly Rejection[]): readonly ReportedRefusal[] {
  return rejections.map(({ layer, type, name, version, proxy, error }) => ({
    layer,
    type,
    name,
    version,
    proxy,
    error: error.slice(0, LONGEST_ERROR),
  }));
}

/** Characters of Envoy's words. */
const LONGEST_ERROR = 4096;
