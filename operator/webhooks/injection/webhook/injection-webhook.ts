import { type ServerNames, ServerCertificateRenewal } from '../../../controllers/identity/server-certificate.ts';
import {
  AdmissionServer,
  type Api,
  applyCaBundle,
  type Clock,
  Controller,
  done,
  hasCaBundle,
  Informer,
  type KubernetesObject,
  type Logger,
  type MetricsRegistry,
  MUTATING_WEBHOOK_CONFIGURATION,
  type Runnable,
  type Source,
  type Stage,
  watches,
} from '../../../framework/index.ts';
import type { CertificateAuthority } from '../../../identity/index.ts';
import type { InjectionSettings } from '../settings.ts';
import { CA_BUNDLE_MANAGER, INJECTION_PATH, INJECTION_WEBHOOK } from './configuration.ts';
import { injectionHandler } from './injection-handler.ts';

/** What the webhook of injection works with. */
export interface InjectionWebhookOptions {
  readonly api: Api;
  /** Signs the webhook's certificate; its roots are the caBundle. */
  readonly authority: CertificateAuthority;
  /** Under which API servers call it: `<service>.<namespace>.svc`. */
  readonly names: ServerNames;
  readonly address: { readonly host?: string; readonly port: number };
  /** Read for every pod. */
  readonly settings: () => InjectionSettings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
}

/** Serves the webhook of injection, with a certificate that it renews. */
export class InjectionServer implements Runnable {
  readonly name = 'injection-webhook';
  readonly stage: Stage = 'server';
  readonly #options: InjectionWebhookOptions;
  readonly #listening = Promise.withResolvers<number>();

  constructor(options: InjectionWebhookOptions) {
    this.#options = options;
  }

  async started(): Promise<void> {
    await this.#listening.promise;
  }

  /** Resolves with the port once reviews are answered. */
  listening(): Promise<number> {
    return this.#listening.promise;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { address, authority, clock, log, metrics, names, settings } = this.#options;
    let server: AdmissionServer | undefined;
    const renewed: AdmissionServer['setCertificate'] = (certificate) => server?.setCertificate(certificate);
    const { first, renewal } = await ServerCertificateRenewal.start({ authority, names, clock, log, renewed });
    try {
      const routes = { [INJECTION_PATH]: injectionHandler(settings) };
      server = new AdmissionServer({ address, certificate: first, routes, clock, logger: log, metrics });
      const running = server.run(signal);
      await Promise.race([server.started(), running]);
      this.#listening.resolve(server.port);
      await running;
    } finally {
      renewal.stop();
    }
  }
}

/** What keeps a caBundle, and whether it is the present one. */
export interface CaBundleKeeper {
  readonly runnables: readonly Runnable[];
  /** The configurations that API servers would still verify the webhook with other roots by. */
  readonly behind: () => readonly string[];
}

/**
 * Keeps the caBundle of the webhook's configuration that of the authority: when the roots change, when the configuration is made,
 * and when somebody writes another. Without the configuration it does nothing.
 */
export function caBundleKeeper(
  options: Pick<InjectionWebhookOptions, 'api' | 'authority' | 'clock' | 'log' | 'metrics'>,
): CaBundleKeeper {
  const { api, authority, clock, log: logger, metrics } = options;
  const kind = MUTATING_WEBHOOK_CONFIGURATION;
  const select = { fieldSelector: `metadata.name=${INJECTION_WEBHOOK}` };
  const configurations = new Informer({ api, kind, select, clock, logger, metrics });
  const roots: Source = (enqueue) => authority.onChange(() => enqueue({ name: INJECTION_WEBHOOK }));
  const controller = new Controller({
    name: 'injection-ca-bundle',
    sources: [watches(configurations.store), roots],
    clock,
    logger,
    metrics,
    reconcile: async ({ name }, { signal }) => {
      const { pem } = authority.trustBundle;
      const outcome = await applyCaBundle(api, kind, name, pem, { fieldManager: CA_BUNDLE_MANAGER, signal });
      if (outcome === 'written') logger.info('the caBundle of a webhook was written', { webhook: name });
      return done();
    },
  });
  const isBehind = (configuration: KubernetesObject): boolean => !hasCaBundle(configuration, authority.trustBundle.pem);
  return {
    runnables: [configurations, controller],
    behind: () =>
      configurations.store
        .list()
        .filter(isBehind)
        .map(({ metadata: { name } }) => `MutatingWebhookConfiguration ${name}`),
  };
}
