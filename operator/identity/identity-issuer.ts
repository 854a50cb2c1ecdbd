import type { CertificateAuthority, IssuedCertificate } from './certificate-authority.ts';
import type { CancelTimer, Clock } from '../framework/clock.ts';
import { renewalTime, retryDelay } from './renewal.ts';
import { formatSpiffeId, type SpiffeId } from '@dot-kube/proxy/model';
import type { TrustBundle } from './trust-bundle.ts';

/** The certificate of a workload identity. */
export interface WorkloadCertificate extends IssuedCertificate {
  readonly spiffeId: SpiffeId;
}

/** What proxies have to be told. */
export type IdentityChange =
  | { readonly kind: 'issued'; readonly certificate: WorkloadCertificate }
  | { readonly kind: 'forgotten'; readonly spiffeId: SpiffeId }
  | { readonly kind: 'trust-bundle'; readonly bundle: TrustBundle }
  | {
      readonly kind: 'failed';
      readonly spiffeId: SpiffeId;
      readonly error: unknown;
      readonly retryInMs: number;
      /** When the certificate ends that could not be renewed, epoch milliseconds; absent where there is none. */
      readonly notAfter?: number;
    };

/** How the certificates of all wanted identities stand. */
export interface IssuerSummary {
  /** Identities that connected proxies want. */
  readonly wanted: number;
  /** How many of them could not be issued or renewed when it was last tried. */
  readonly failing: number;
  /** When the first certificate of them ends, epoch milliseconds; absent where there is none. */
  readonly firstNotAfter?: number;
  /** Certificates that are being made at this moment. */
  readonly signing: number;
}

/** What the issuer needs of a certificate authority. */
export type Authority = Pick<CertificateAuthority, 'issueWorkload' | 'onChange' | 'signingRoot' | 'trustBundle'>;

/** The settings of an issuer. */
export interface IdentityIssuerOptions {
  readonly authority: Authority;
  readonly clock: Clock;
  /** In [0, 1), as `Math.random`. */
  readonly random: () => number;
  /** Certificates that are made at the same time. Default: 2. */
  readonly concurrency?: number;
  /** How long an identity that nobody wants keeps its certificate, for proxies that come back. Default: 5 min. */
  readonly lingerMs?: number;
  /** Over how long the certificates are replaced once a new root signs. Default: 30 s. */
  readonly spreadMs?: number;
}

interface Entry {
  readonly key: string;
  readonly spiffeId: SpiffeId;
  /** Connected proxies that need it. */
  wanted: number;
  certificate: WorkloadCertificate | undefined;
  /** Waits for its turn to be issued, or is being issued. */
  busy: boolean;
  /** When to issue again, after a success or a failure. */
  renewAt: number;
  /** When to forget it, while nobody wants it. */
  forgetAt: number;
  failures: number;
}

const never = Number.POSITIVE_INFINITY;

/** Wakes up at least this often, so that a clock that was set is noticed. */
const longestWaitMs = 10 * 60_000;

const dueOf = (entry: Entry): number => {
  if (entry.wanted === 0) return entry.forgetAt;
  return entry.busy ? never : entry.renewAt;
};

/**
 * Holds one certificate for every identity that a connected proxy wants, renews it before half of its life is over, and tells its
 * subscribers, who must not throw. Keys live in memory only. Issuing is queued: identities that have no
 * certificate go first.
 */
export class IdentityIssuer {
  readonly #options: IdentityIssuerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(change: IdentityChange) => void>();
  readonly #first = new Set<Entry>();
  readonly #renewals = new Set<Entry>();
  readonly #stopListening: () => void;
  #issuing = 0;
  #wakeAt = never;
  #cancelTimer: CancelTimer | undefined;
  #signingRoot: string;
  #bundle: TrustBundle;

  constructor(options: IdentityIssuerOptions) {
    this.#options = options;
    this.#signingRoot = options.authority.signingRoot;
    this.#bundle = options.authority.trustBundle;
    this.#stopListening = options.authority.onChange((bundle) => this.#rootChanged(bundle));
  }

  /** What proxies have to trust now. */
  get trustBundle(): TrustBundle {
    return this.#bundle;
  }

  /** Says that a connected proxy needs this identity. Call what it returns when that is over. */
  want(spiffeId: SpiffeId): () => void {
    const key = formatSpiffeId(spiffeId);
    const known = this.#entries.get(key);
    const entry = known ?? newEntry(key, spiffeId);
    this.#entries.set(key, entry);
    entry.wanted += 1;
    if (entry.certificate === undefined) this.#enqueue(entry);
    else this.#wakeBy(dueOf(entry));
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#release(entry);
    };
  }

  /** The certificate of an identity, once it has been issued and while it is valid. */
  certificateOf(spiffeId: SpiffeId): WorkloadCertificate | undefined {
    const certificate = this.#entries.get(formatSpiffeId(spiffeId))?.certificate;
    return certificate !== undefined && certificate.notAfter > this.#options.clock.now() ? certificate : undefined;
  }

  /** How many of the held certificates another root than this one has signed: at 0 a change of root can be finished. */
  signedByOthers(rootFingerprint: string): number {
    const held = [...this.#entries.values()].filter(({ certificate }) => certificate !== undefined);
    return held.length - this.signedBy(rootFingerprint);
  }

  /** How many of the held certificates a root has signed. */
  signedBy(rootFingerprint: string): number {
    let count = 0;
    for (const entry of this.#entries.values()) {
      if (entry.certificate?.rootFingerprint === rootFingerprint) count += 1;
    }
    return count;
  }

  /** How all that is wanted stands. */
  summary(): IssuerSummary {
    const wanted = [...this.#entries.values()].filter((entry) => entry.wanted > 0);
    const ends = wanted.flatMap(({ certificate }) => certificate?.notAfter ?? []);
    return {
      wanted: wanted.length,
      failing: wanted.filter(({ failures }) => failures > 0).length,
      ...(ends.length > 0 && { firstNotAfter: ends.reduce((first, end) => Math.min(first, end)) }),
      signing: this.#issuing,
    };
  }

  /** Calls `listener` with every change from now on; returns how to stop that. */
  subscribe(listener: (change: IdentityChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops issuing and forgets all keys. */
  close(): void {
    this.#stopListening();
    this.#cancelTimer?.();
    for (const held of [this.#entries, this.#first, this.#renewals, this.#listeners]) held.clear();
  }

  #release(entry: Entry): void {
    entry.wanted -= 1;
    if (entry.wanted > 0) return;
    if (this.#first.delete(entry) || this.#renewals.delete(entry)) entry.busy = false;
    entry.forgetAt = this.#options.clock.now() + (this.#options.lingerMs ?? 5 * 60_000);
    this.#wakeBy(entry.forgetAt);
  }

  #enqueue(entry: Entry): void {
    if (entry.busy) return;
    entry.busy = true;
    (entry.certificate === undefined ? this.#first : this.#renewals).add(entry);
    this.#pump();
  }

  #pump(): void {
    while (this.#issuing < (this.#options.concurrency ?? 2)) {
      const queue = this.#first.size > 0 ? this.#first : this.#renewals;
      const entry = queue.values().next().value;
      if (entry === undefined) return;
      queue.delete(entry);
      this.#issuing += 1;
      void this.#issue(entry);
    }
  }

  async #issue(entry: Entry): Promise<void> {
    const change = await this.#attempt(entry);
    this.#issuing -= 1;
    entry.busy = false;
    // Forgotten, or closed, in the meantime.
    const kept = this.#entries.get(entry.key) === entry;
    if (kept) this.#wakeBy(dueOf(entry));
    this.#pump();
    if (kept) this.#tell(change);
  }

  async #attempt(entry: Entry): Promise<IdentityChange> {
    const { authority, clock, random } = this.#options;
    try {
      const certificate = { ...(await authority.issueWorkload(entry.spiffeId)), spiffeId: entry.spiffeId };
      const now = clock.now();
      const outdated = certificate.rootFingerprint !== this.#signingRoot;
      entry.certificate = certificate;
      entry.failures = 0;
      entry.renewAt = outdated ? now : renewalTime({ issuedAt: now, notAfter: certificate.notAfter }, random());
      return { kind: 'issued', certificate };
    } catch (error) {
      entry.failures += 1;
      const left = entry.certificate === undefined ? undefined : entry.certificate.notAfter - clock.now();
      const retryInMs = retryDelay(entry.failures, random(), left);
      entry.renewAt = clock.now() + retryInMs;
      const notAfter = entry.certificate?.notAfter;
      return {
        kind: 'failed',
        spiffeId: entry.spiffeId,
        error,
        retryInMs,
        ...(notAfter !== undefined && { notAfter }),
      };
    }
  }

  #rootChanged(bundle: TrustBundle): void {
    const { authority, clock, random, spreadMs = 30_000 } = this.#options;
    const changed = bundle.pem !== this.#bundle.pem;
    this.#bundle = bundle;
    if (changed) this.#tell({ kind: 'trust-bundle', bundle });
    if (authority.signingRoot === this.#signingRoot) return;
    this.#signingRoot = authority.signingRoot;
    for (const entry of this.#entries.values()) {
      // One that nobody wants would hold up the end of the change.
      entry.forgetAt = clock.now();
      entry.renewAt = Math.min(entry.renewAt, clock.now() + Math.round(random() * spreadMs));
      this.#wakeBy(dueOf(entry));
    }
  }

  #wakeBy(time: number): void {
    const { clock } = this.#options;
    if (time >= this.#wakeAt) return;
    this.#cancelTimer?.();
    this.#wakeAt = time;
    this.#cancelTimer = clock.setTimeout(() => this.#wake(), Math.min(time - clock.now(), longestWaitMs));
  }

  #wake(): void {
    const now = this.#options.clock.now();
    this.#wakeAt = never;
    let next = never;
    for (const entry of this.#entries.values()) {
      if (dueOf(entry) > now) next = Math.min(next, dueOf(entry));
      else if (entry.wanted > 0) this.#enqueue(entry);
      else this.#forget(entry);
    }
    this.#wakeBy(next);
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#tell({ kind: 'forgotten', spiffeId: entry.spiffeId });
  }

  #tell(change: IdentityChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

const newEntry = (key: string, spiffeId: SpiffeId): Entry => ({
  key,
  spiffeId,
  wanted: 0,
  certificate: undefined,
  busy: false,
  renewAt: never,
  forgetAt: never,
  failures: 0,
});
