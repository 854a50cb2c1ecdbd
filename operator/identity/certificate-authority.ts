import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { formatSpiffeId, type SpiffeId } from '@dot-kube/proxy/model';
import { type CaStore, CaStoreError, formatRootState, type StoredRootState } from './ca-store.ts';
import {
  fingerprintOf,
  leafCertificate,
  selfSignedRoot,
  type Signer,
  type SubjectNames,
  type Validity,
} from './certificates.ts';
import type { Clock } from '../framework/clock.ts';
import { BACKDATE_MS } from './renewal.ts';
import { generateEcKeyPair, privateKeyPemOf } from './key-pair.ts';
import {
  introduceRoot,
  retireRoot,
  type Root,
  type RootState,
  RootStateError,
  switchSigner,
  withdrawRoot,
} from './root-state.ts';
import { type TrustBundle, trustBundleOf } from './trust-bundle.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The settings of a certificate authority. */
export interface CertificateAuthorityOptions {
  readonly store: CaStore;
  readonly trustDomain: string;
  readonly clock: Clock;
  /**
   * The root that somebody gives and replaces, instead of ones of our own: asked at the start and at each `reload`. One that
   * cannot be had (it rejects) leaves the stored one in force. Default: roots are made here.
   */
  readonly given?: () => Promise<Root>;
  /** Life of a root, milliseconds. Default: ten years. */
  readonly rootTtlMs?: number;
  /** Life of a leaf, milliseconds. Default: 24 hours. Never beyond its root's. */
  readonly leafTtlMs?: number;
}

/** A certificate with its key. */
export interface IssuedCertificate {
  /** The leaf, PEM, and what is between it and what is trusted: nothing, unless the root was given so. */
  readonly certChainPem: string;
  /** PKCS #8 PEM. */
  readonly privateKeyPem: string;
  /** Epoch milliseconds. */
  readonly notBefore: number;
  /** Epoch milliseconds. */
  readonly notAfter: number;
  /** {@link CertificateAuthority.signingRoot} of when it was signed. */
  readonly rootFingerprint: string;
}

/** X.509 keeps whole seconds. */
const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** Of the life of a root that was made here. It has changed before half of it is over, from which on {@link rootOverdue} alarms. */
const CHANGE_SHARE = 0.4;

/** Two fifths of a root's life are over, so a change of root should begin. */
export function rootChangeDue(state: RootState, now: number): boolean {
  return state.kind === 'stable' && shareOver(lifeOf(state.current.certificatePem), now) >= CHANGE_SHARE;
}

/** Half of a root's life is over, and it signs yet: whoever looks after it should know. */
export function rootOverdue(life: Validity, now: number): boolean {
  return shareOver(life, now) >= 0.5;
}

function shareOver({ notBefore, notAfter }: Validity, now: number): number {
  return (now - notBefore) / (notAfter - notBefore);
}

function lifeOf(certificatePem: string): Validity {
  const { validFromDate, validToDate } = new X509Certificate(certificatePem);
  return { notBefore: validFromDate.getTime(), notAfter: validToDate.getTime() };
}

const isExpired = (root: Root, now: number): boolean =>
  new X509Certificate(root.certificatePem).validToDate.getTime() <= now;

/**
 * Signs the mesh's certificates with a root that lives in a {@link CaStore}, self-signed (ECDSA P-256) or given, and changes that root without an interruption: `beginRootChange` (old and new are trusted, the old one signs),
 * and once every proxy has the bundle `completeRootChange` (the new one signs), and once no certificate of the
 * old root is in use `finishRootChange` (only the new one is trusted).
 */
export class CertificateAuthority {
  readonly #options: CertificateAuthorityOptions;
  readonly #listeners = new Set<(bundle: TrustBundle) => void>();
  #stored: StoredRootState;
  #signer: NamedSigner;
  #bundle: TrustBundle;
  #given: Root | undefined;
  #steps: Promise<unknown> = Promise.resolve();

  /**
   * Loads the root, or makes the first one; one that has expired is replaced. Throws {@link CaStoreError} where
   * the stored root is of another trust domain or its key does not fit.
   */
  static async open(options: CertificateAuthorityOptions): Promise<CertificateAuthority> {
    const given = await options.given?.().catch((error: unknown) => ({ error }));
    const root = given !== undefined && 'error' in given ? undefined : given;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const stored = await options.store.load();
      if (stored !== undefined && !isExpired(stored.state.current, options.clock.now())) {
        return new CertificateAuthority(options, stored, root);
      }
      if (given !== undefined && 'error' in given) throw given.error;
      const state: RootState = { kind: 'stable', current: root ?? (await newRoot(options)) };
      // What cannot sign is not stored.
      signerOf(options.trustDomain, state.current);
      const saved = await options.store.save(state, stored?.version);
      if (saved.kind === 'saved') return new CertificateAuthority(options, { state, version: saved.version }, root);
    }
    throw new CaStoreError('the stored root changes faster than it can be read');
  }

  private constructor(options: CertificateAuthorityOptions, stored: StoredRootState, given: Root | undefined) {
    this.#options = options;
    this.#stored = stored;
    this.#given = given;
    this.#signer = signerOf(options.trustDomain, stored.state.current);
    this.#bundle = trustBundleOf(options.trustDomain, stored.state);
  }

  /** The trust domain it signs for. */
  get trustDomain(): string {
    return this.#options.trustDomain;
  }

  /** Life of a leaf, milliseconds, where its root lives as long. */
  get leafTtlMs(): number {
    return this.#options.leafTtlMs ?? dayMs;
  }

  /** Where the root change stands. */
  get state(): RootState['kind'] {
    return this.#stored.state.kind;
  }

  /** What proxies have to trust now. */
  get trustBundle(): TrustBundle {
    return this.#bundle;
  }

  /** Names the root that signs now: its fingerprint, where it is what is trusted. */
  get signingRoot(): string {
    return this.#signer.name;
  }

  /** From when until when the root that signs holds, epoch milliseconds. */
  get signingRootLife(): Validity {
    return lifeOf(this.#signer.certificatePem);
  }

  /** Whether roots are given from outside. */
  get isGiven(): boolean {
    return this.#options.given !== undefined;
  }

  /** Whether two fifths of the root's life are over, or somebody asks in the store; of one that is given, whether another one is. */
  get rootChangeDue(): boolean {
    const { changeRequested = false, state } = this.#stored;
    if (!this.isGiven)
      return (changeRequested && state.kind === 'stable') || rootChangeDue(state, this.#options.clock.now());
    return (
      this.#stored.state.kind === 'stable' && this.#given !== undefined && nameOf(this.#given) !== this.signingRoot
    );
  }

  /** A certificate for a workload: its SPIFFE ID is the only name. */
  async issueWorkload(spiffeId: SpiffeId): Promise<IssuedCertificate> {
    if (spiffeId.trustDomain !== this.trustDomain) {
      throw new Error(`${formatSpiffeId(spiffeId)} is not of the trust domain ${this.trustDomain}`);
    }
    return await this.#issue({ uris: [formatSpiffeId(spiffeId)] });
  }

  /** A certificate for a server of the control plane. Throws when no name is given. */
  async issueServer(names: SubjectNames): Promise<IssuedCertificate> {
    const count = (names.uris ?? []).length + (names.dnsNames ?? []).length + (names.ipAddresses ?? []).length;
    if (count === 0) throw new Error('a server certificate needs a name');
    return await this.#issue(names);
  }

  /** Makes a new root, or takes the given one, and has it trusted beside the old one, which goes on signing. */
  async beginRootChange(): Promise<TrustBundle> {
    if (this.isGiven && !this.rootChangeDue) throw new RootStateError('change a root that is given', this.state);
    const next = this.#given ?? (await newRoot(this.#options));
    signerOf(this.trustDomain, next);
    return await this.#step((state) => introduceRoot(state, next));
  }

  /** Call once every connected proxy has ACKed the bundle with both roots: the new one signs from here on. */
  async completeRootChange(): Promise<TrustBundle> {
    return await this.#step(switchSigner);
  }

  /** Call once no certificate of the old root is in use: it is trusted no more. */
  async finishRootChange(): Promise<TrustBundle> {
    return await this.#step(retireRoot);
  }

  /** Undoes `beginRootChange`. */
  async abandonRootChange(): Promise<TrustBundle> {
    return await this.#step(withdrawRoot);
  }

  /**
   * Reads the store again, where another replica may have taken a step, and what is given. Listeners hear of a change. What is
   * gone from the store is put there again: without it the next start would make another root. Rejects when one of both cannot
   * be read.
   */
  async reload(): Promise<TrustBundle> {
    return await this.#inTurn(async () => {
      const { given, store } = this.#options;
      const stored = await store.load();
      if (stored !== undefined) this.#adopt(stored);
      else await this.#restore();
      if (given !== undefined) this.#given = await given();
    });
  }

  /** Calls `listener` after every change of the trust bundle or of the signing root; returns how to stop that. */
  onChange(listener: (bundle: TrustBundle) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #issue(names: SubjectNames): Promise<IssuedCertificate> {
    const signer = this.#signer;
    const keys = await generateEcKeyPair();
    const validity = this.#validity(signer);
    const leaf = await leafCertificate(signer, keys.publicKey, names, validity);
    return {
      certChainPem: `${leaf.trimEnd()}\n${signer.chainPem}`,
      privateKeyPem: privateKeyPemOf(keys.privateKey),
      ...validity,
      rootFingerprint: signer.name,
    };
  }

  #validity(signer: Signer): Validity {
    const now = this.#options.clock.now();
    const notAfter = Math.min(now + this.leafTtlMs, lifeOf(signer.certificatePem).notAfter);
    return { notBefore: wholeSeconds(now - BACKDATE_MS), notAfter: wholeSeconds(notAfter) };
  }

  async #step(next: (state: RootState) => RootState): Promise<TrustBundle> {
    return await this.#inTurn(async () => {
      const state = next(this.#stored.state);
      const saved = await this.#options.store.save(state, this.#stored.version);
      if (saved.kind === 'conflict') {
        throw new CaStoreError('another replica has changed the root; reload and decide again');
      }
      this.#adopt({ state, version: saved.version });
    });
  }

  async #inTurn(run: () => Promise<void>): Promise<TrustBundle> {
    const turn = this.#steps.then(run);
    this.#steps = turn.catch(() => undefined);
    await turn;
    return this.#bundle;
  }

  async #restore(): Promise<void> {
    const { state } = this.#stored;
    const saved = await this.#options.store.save(state, undefined);
    if (saved.kind === 'saved') this.#stored = { state, version: saved.version };
  }

  #adopt(stored: StoredRootState): void {
    if (stored.version === this.#stored.version) return;
    // Labels and annotations are no news to who uses the roots.
    if (formatRootState(stored.state) === formatRootState(this.#stored.state)) {
      this.#stored = stored;
      return;
    }
    this.#signer = signerOf(this.trustDomain, stored.state.current);
    this.#bundle = trustBundleOf(this.trustDomain, stored.state);
    this.#stored = stored;
    for (const listener of this.#listeners) listener(this.#bundle);
  }
}

const newRoot = async (options: CertificateAuthorityOptions): Promise<Root> => {
  const now = options.clock.now();
  const keys = await generateEcKeyPair();
  const validity = {
    notBefore: wholeSeconds(now - BACKDATE_MS),
    notAfter: wholeSeconds(now + (options.rootTtlMs ?? 3650 * dayMs)),
  };
  const certificatePem = await selfSignedRoot(options.trustDomain, keys, validity);
  return { certificatePem: `${certificatePem.trimEnd()}\n`, privateKeyPem: privateKeyPemOf(keys.privateKey) };
};

interface NamedSigner extends Signer {
  readonly name: string;
  readonly chainPem: string;
}

/** Two roots have the same name when leaves of both are the same to whoever verifies them. */
const nameOf = ({ anchorsPem = '', certificatePem, chainPem = '' }: Root): string =>
  anchorsPem === '' && chainPem === ''
    ? fingerprintOf(certificatePem)
    : createHash('sha256')
        .update(JSON.stringify([certificatePem, chainPem, anchorsPem]))
        .digest('hex');

const signerOf = (trustDomain: string, root: Root): NamedSigner => {
  const certificate = new X509Certificate(root.certificatePem);
  const privateKey = createPrivateKey(root.privateKeyPem);
  if (!certificate.ca || !certificate.checkPrivateKey(privateKey)) {
    throw new CaStoreError('the stored root is not a certificate authority with its own key');
  }
  // A root that was given from outside may say nothing of a trust domain.
  const name = /URI:spiffe:\/\/([^,]*)/.exec(certificate.subjectAltName ?? '')?.[1];
  if (name !== undefined && name !== trustDomain) {
    throw new CaStoreError(`the stored root is of the trust domain ${name}, not of ${trustDomain}`);
  }
  const { certificatePem, chainPem = '' } = root;
  return { certificatePem, privateKey, chainPem, name: nameOf(root) };
};
