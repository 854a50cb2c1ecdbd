import type { AddressInfo } from 'node:net';
import type { ListenAddress, XdsServer } from '@dot-kube/proxy/xds';
import type { Clock, Logger, Runnable, Stage } from '../../framework/index.ts';
import { aborted } from '../../framework/index.ts';
import type { CertificateAuthority } from '../../identity/index.ts';
import { type ServerNames, ServerCertificateRenewal } from '../identity/server-certificate.ts';

/** Where and as whom the control plane serves proxies. */
export interface XdsRunnableOptions {
  readonly server: XdsServer;
  readonly authority: CertificateAuthority;
  readonly address: ListenAddress;
  readonly names: ServerNames;
  /** For load tests on one machine; any address but loopback is refused. Default: none. */
  readonly plaintext?: ListenAddress;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The xDS server's life: it listens once everything is compiled, and ends its streams on the stop. */
export class XdsRunnable implements Runnable {
  readonly name = 'xds';
  readonly stage: Stage = 'worker';
  readonly #options: XdsRunnableOptions;
  readonly #listening = Promise.withResolvers<void>();
  #bound: AddressInfo | undefined;

  constructor(options: XdsRunnableOptions) {
    this.#options = options;
  }

  /** Where it listens, once it does. */
  get bound(): AddressInfo | undefined {
    return this.#bound;
  }

  started(): Promise<void> {
    return this.#listening.promise;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { server, authority, address, names, plaintext, clock, log } = this.#options;
    const renewed = server.setCertificate.bind(server);
    const { renewal, first } = await ServerCertificateRenewal.start({ authority, names, clock, log, renewed });
    try {
      this.#bound = await server.listen(address, first);
      if (plaintext !== undefined) {
        const { port } = await server.listenPlaintextOnLoopback(plaintext);
        log.warn('xDS is also served without TLS, on loopback', { port });
      }
      log.info('xDS is served', { address: this.#bound.address, port: this.#bound.port });
      this.#listening.resolve();
      await aborted(signal);
    } finally {
      renewal.stop();
      await server.close();
    }
  }
}
