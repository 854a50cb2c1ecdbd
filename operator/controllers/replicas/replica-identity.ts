import type { PeerCertificate } from 'node:tls';
import { formatSpiffeId } from '@dot-kube/proxy/model';
import type { ServerCertificate } from '@dot-kube/proxy/xds';
import type { Clock, Logger } from '../../framework/index.ts';
import type { CertificateAuthority } from '../../identity/index.ts';
import { ServerCertificateRenewal } from '../identity/server-certificate.ts';

/** The service account that all replicas run as. */
export const OPERATOR_ACCOUNT = 'dot-kube-operator';

/** What both ends of a stream between replicas show and accept. */
export interface ReplicaCredentials extends ServerCertificate {
  /** Roots that the other end's certificate is verified with, PEM. */
  readonly ca: string;
}

/** Who a replica is to other replicas. */
export interface ReplicaIdentityOptions {
  readonly authority: CertificateAuthority;
  /** Where the operator runs. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps the certificate that replicas know each other by: the operator's own SPIFFE ID, from the authority that they share. */
export class ReplicaIdentity {
  /** The one name that both ends must have. */
  readonly spiffeId: string;
  readonly #authority: CertificateAuthority;
  readonly #renewal: ServerCertificateRenewal;
  readonly #listeners = new Set<() => void>();
  readonly #end: () => void;
  #certificate: ServerCertificate;

  private constructor(
    spiffeId: string,
    authority: CertificateAuthority,
    renewal: ServerCertificateRenewal,
    certificate: ServerCertificate,
  ) {
    this.spiffeId = spiffeId;
    this.#authority = authority;
    this.#renewal = renewal;
    this.#certificate = certificate;
    this.#end = authority.onChange(() => this.#tell());
  }

  /** Has the first certificate issued. */
  static async start({ authority, namespace, clock, log }: ReplicaIdentityOptions): Promise<ReplicaIdentity> {
    const { trustDomain } = authority;
    const uri = formatSpiffeId({ trustDomain, namespace, serviceAccount: OPERATOR_ACCOUNT });
    let identity: ReplicaIdentity | undefined;
    const renewed = (certificate: ServerCertificate): void => identity?.renewed(certificate);
    const names = { uris: [uri] };
    const { renewal, first } = await ServerCertificateRenewal.start({ authority, names, clock, log, renewed });
    identity = new ReplicaIdentity(uri, authority, renewal, first);
    return identity;
  }

  /** What to show and to accept now. */
  get credentials(): ReplicaCredentials {
    return { ...this.#certificate, ca: this.#authority.trustBundle.pem };
  }

  /** Whether a verified certificate is that of a replica: the operator's SPIFFE ID is its only name. */
  isReplica({ subjectaltname }: Pick<PeerCertificate, 'subjectaltname'>): boolean {
    return subjectaltname === `URI:${this.spiffeId}`;
  }

  /** Calls back when {@link credentials} are others. Answers how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A new certificate is there. */
  renewed(certificate: ServerCertificate): void {
    this.#certificate = certificate;
    this.#tell();
  }

  close(): void {
    this.#renewal.stop();
    this.#end();
    this.#listeners.clear();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
