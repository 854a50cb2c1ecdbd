import type { ServerCertificate } from '@dot-kube/proxy/xds';
import { type CancelTimer, type Clock, type Logger } from '../../framework/index.ts';
import type { CertificateAuthority } from '../../identity/index.ts';

/** The names under which the control plane is found, by proxies (DNS names, addresses) or by its other replicas (URIs). */
export interface ServerNames {
  readonly uris?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/** What the certificate of a server is made of. */
export interface ServerCertificateOptions {
  readonly authority: CertificateAuthority;
  readonly names: ServerNames;
  readonly clock: Clock;
  readonly log: Logger;
  /** A new one is there. */
  readonly renewed: (certificate: ServerCertificate) => void;
}

/** Retried at least so often while none can be made, in milliseconds; more often where the life of certificates is short. */
const RETRY_MS = 30_000;
/** Of the life of a certificate. */
const RETRY_SHARE = 1 / 20;

/** Keeps the control plane's own certificate fresh: a new one at half-life, and when the root changes. */
export class ServerCertificateRenewal {
  readonly #options: ServerCertificateOptions;
  readonly #end: () => void;
  #signingRoot: string;
  #cancel: CancelTimer | undefined;

  private constructor(options: ServerCertificateOptions) {
    this.#options = options;
    this.#signingRoot = options.authority.signingRoot;
    this.#end = options.authority.onChange(() => {
      if (options.authority.signingRoot === this.#signingRoot) return;
      this.#signingRoot = options.authority.signingRoot;
      void this.#renew();
    });
  }

  /** Issues the first one and begins to renew it. */
  static async start(
    options: ServerCertificateOptions,
  ): Promise<{ readonly renewal: ServerCertificateRenewal; readonly first: ServerCertificate }> {
    const renewal = new ServerCertificateRenewal(options);
    return { renewal, first: await renewal.#issue() };
  }

  stop(): void {
    this.#cancel?.();
    this.#end();
  }

  async #issue(): Promise<ServerCertificate> {
    const { authority, names, clock } = this.#options;
    const { certChainPem, privateKeyPem, notAfter } = await authority.issueServer(names);
    this.#schedule((notAfter - clock.now()) / 2);
    return { cert: certChainPem, key: privateKeyPem };
  }

  async #renew(): Promise<void> {
    try {
      this.#options.renewed(await this.#issue());
    } catch (error) {
      this.#options.log.error("the control plane's certificate could not be renewed", { error });
      this.#schedule(Math.min(RETRY_MS, this.#options.authority.leafTtlMs * RETRY_SHARE));
    }
  }

  #schedule(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#options.clock.setTimeout(() => void this.#renew(), ms);
  }
}
