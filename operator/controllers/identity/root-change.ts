import {
  type Clock,
  counter,
  type Logger,
  type MetricsRegistry,
  type Runnable,
  sleep,
  type Stage,
} from '../../framework/index.ts';
import { finding } from '../../findings/index.ts';
import { type CertificateAuthority, type IdentityIssuer, rootOverdue } from '../../identity/index.ts';
import { decideRootChange, type ProxyTrust, type RootChangeDecision } from './decide-root-change.ts';
import { showRoot } from './root-metrics.ts';

/** What a root change works with. */
export interface RootChangeOptions {
  readonly authority: CertificateAuthority;
  readonly issuer: Pick<IdentityIssuer, 'signedByOthers'>;
  /** Every proxy that runs, connected or not. */
  readonly proxies: () => readonly ProxyTrust[];
  /** What others read the trust bundle from and does not hold the present one yet; the names of objects. Default: nothing. */
  readonly behind?: () => readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Each step holds at least so long before the next one, since nothing is `behind`, for what no ACK tells of: files with the trust
   * bundle that the kubelet brings up to date (a minute or two after the ConfigMap), and other replicas. Milliseconds. Default: 5 min.
   */
  readonly holdMs?: number;
  /** Between two looks. Milliseconds. Default: 10 s. */
  readonly checkMs?: number;
}

const HOLD_MS = 5 * 60_000;
const CHECK_MS = 10_000;

/**
 * Changes the root certificate without an interruption, when two fifths of its life are over or when asked: both roots are trusted,
 * then the new one signs, then the old one is trusted no more. Each step waits for the ACKs of the one before.
 */
export class RootChange implements Runnable {
  readonly name = 'root-change';
  readonly stage: Stage = 'leader';
  readonly #options: RootChangeOptions;
  #asked = false;
  #told = '';
  #state: string;
  #since: number;
  /** Since when everything that others read holds the present trust bundle. */
  #published: number;

  constructor(options: RootChangeOptions) {
    this.#options = options;
    this.#state = options.authority.state;
    this.#since = options.clock.monotonic();
    this.#published = this.#since;
  }

  /** Has the root changed although it is not due; soon, and only where no change is under way. */
  request(): void {
    const { authority, log } = this.#options;
    if (authority.isGiven)
      log.warn('a root that is given changes when another one is given', { signing: authority.signingRoot });
    this.#asked = true;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, checkMs = CHECK_MS } = this.#options;
    // What was so before this replica led, it did not see.
    this.#since = this.#published = clock.monotonic();
    while (!signal.aborted) {
      await this.look();
      await sleep(clock, checkMs, signal);
    }
  }

  /** Takes the next step if it is time for it; answers what was decided. */
  async look(): Promise<RootChangeDecision> {
    const { authority, clock, log } = this.#options;
    if (authority.state !== this.#state) [this.#state, this.#since] = [authority.state, clock.monotonic()];
    const behind = authority.state === 'stable' ? [] : (this.#options.behind?.() ?? []);
    if (behind.length > 0 || this.#published < this.#since) this.#published = clock.monotonic();
    // A change that is under way is what was asked for.
    if (authority.state !== 'stable') this.#asked = false;
    const decision = this.#decide(behind);
    try {
      await this.#apply(decision);
    } catch (error) {
      log.error('the change of the root certificate does not go on', { step: decision.kind, error });
      // Another replica may have taken the step.
      await authority.reload().catch((cause: unknown) => log.error('the root cannot be read', { error: cause }));
    }
    return decision;
  }

  #decide(behind: readonly string[]): RootChangeDecision {
    const { authority, issuer, clock, proxies, holdMs = HOLD_MS } = this.#options;
    return decideRootChange({
      state: authority.state,
      wanted: (this.#asked && !authority.isGiven) || authority.rootChangeDue,
      heldMs: clock.monotonic() - this.#since,
      publishedMs: clock.monotonic() - this.#published,
      behind,
      holdMs,
      patienceMs: authority.leafTtlMs,
      signedByOld: issuer.signedByOthers(authority.signingRoot),
      proxies: authority.state === 'stable' ? [] : proxies(),
    });
  }

  async #apply(decision: RootChangeDecision): Promise<void> {
    const { authority, log } = this.#options;
    switch (decision.kind) {
      case 'idle':
        return;
      case 'wait':
        if (decision.reason !== this.#told)
          log.info('the change of the root certificate waits', { for: decision.reason });
        this.#told = decision.reason;
        return;
      case 'begin':
        await authority.beginRootChange();
        log.info('a new root certificate is trusted beside the old one', { signing: authority.signingRoot });
        return;
      case 'complete':
        await authority.completeRootChange();
        log.info('the new root certificate signs', { signing: authority.signingRoot });
        return;
      case 'finish':
        await authority.finishRootChange();
        log.info('the old root certificate is trusted no more', { signing: authority.signingRoot });
        return;
    }
  }
}

/** What findings about the root are about. */
const ROOT = { object: { kind: 'Secret', name: 'dot-kube-ca' } };

/** What following works with. */
export type RootFollowerOptions = Pick<RootChangeOptions, 'authority' | 'clock' | 'log' | 'checkMs'> & {
  readonly metrics: MetricsRegistry;
};

/** Follows the root that other replicas change, on all of them. */
export class RootFollower implements Runnable {
  readonly name = 'root-follower';
  readonly stage: Stage = 'worker';
  #told = '';
  /** The root whose age was told. */
  #aged = '';
  readonly #options: RootFollowerOptions;
  readonly #failures: { inc(): void };

  constructor(options: RootFollowerOptions) {
    this.#options = options;
    const { authority, clock, metrics } = options;
    showRoot(authority, metrics, () => clock.now() + this.#checkMs);
    this.#failures = counter(options.metrics, {
      name: 'dotkube_root_read_failures_total',
      help: 'How often the root certificate, or the one that is given, could not be read.',
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { authority, clock, log } = this.#options;
    while (!signal.aborted) {
      this.#lookAtAge();
      await sleep(clock, this.#checkMs, signal);
      if (signal.aborted) return;
      await authority.reload().then(
        () => (this.#told = ''),
        (error: unknown) => {
          this.#failures.inc();
          const words = error instanceof Error ? error.message : String(error);
          const { code, fix } = finding('DK5003', ROOT, { error: words });
          if (words !== this.#told) log.error('the root cannot be read', { code, error, fix });
          this.#told = words;
        },
      );
    }
  }

  get #checkMs(): number {
    return this.#options.checkMs ?? CHECK_MS;
  }

  /** Told before the next look would be too late for it. */
  #lookAtAge(): void {
    const { authority, clock, log } = this.#options;
    const { signingRoot, signingRootLife } = authority;
    if (signingRoot === this.#aged || !rootOverdue(signingRootLife, clock.now() + this.#checkMs)) return;
    this.#aged = signingRoot;
    const { code, fix, message } = finding('DK5001', ROOT, { end: new Date(signingRootLife.notAfter).toISOString() });
    log.error(message, { code, fix, signing: signingRoot });
  }
}
