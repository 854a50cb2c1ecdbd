import { identitySecret, rootsSecret } from '@dot-kube/proxy/envoy';
import { formatSpiffeId, type SpiffeId } from '@dot-kube/proxy/model';
import type { ResourceCache } from '@dot-kube/proxy/xds';
import type { Logger } from '../../framework/index.ts';
import { finding } from '../../findings/index.ts';
import type { IdentityChange, IdentityIssuer } from '../../identity/index.ts';
import { layers } from '../mesh/entry.ts';
import { encoded } from '../mesh/place.ts';

const PROXIES = { kind: 'ServiceAccount', name: '' };

/** What a publisher works with. */
export interface SecretPublisherOptions {
  readonly issuer: IdentityIssuer;
  readonly cache: ResourceCache;
  readonly log: Logger;
}

/** Puts the certificates of wanted identities, and what they are verified against, where proxies get them. */
export class SecretPublisher {
  readonly #options: SecretPublisherOptions;
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #end: () => void;

  constructor(options: SecretPublisherOptions) {
    this.#options = options;
    this.#end = options.issuer.subscribe((change) => this.#changed(change));
    this.#publishRoots(options.issuer.trustBundle.pem);
  }

  /**
   * Resolves when the identity's certificate can be served, so that no proxy is told that there is none. Rejects when that
   * takes longer than `timeoutMs`.
   */
  async published(identity: SpiffeId, timeoutMs = 5000): Promise<void> {
    const { issuer } = this.#options;
    const release = issuer.want(identity);
    try {
      if (issuer.certificateOf(identity) !== undefined) return;
      await this.#next(formatSpiffeId(identity), timeoutMs);
    } finally {
      release();
    }
  }

  close(): void {
    this.#end();
  }

  async #next(uri: string, timeoutMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(uri) ?? new Set();
    this.#waiting.set(uri, waiting.add(resolve));
    const timer = setTimeout(() => reject(new Error(`no certificate for ${uri} in ${timeoutMs} ms`)), timeoutMs);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      waiting.delete(resolve);
    }
  }

  #changed(change: IdentityChange): void {
    const { cache, log } = this.#options;
    switch (change.kind) {
      case 'issued': {
        const { spiffeId, certChainPem, privateKeyPem } = change.certificate;
        const uri = formatSpiffeId(spiffeId);
        const secret = encoded(identitySecret({ certificateChain: certChainPem, privateKey: privateKeyPem }));
        cache.update([{ layer: layers.identity(uri), upsert: [secret], remove: [] }]);
        for (const resolve of this.#waiting.get(uri) ?? []) resolve();
        this.#waiting.delete(uri);
        return;
      }
      case 'forgotten': {
        const layer = layers.identity(formatSpiffeId(change.spiffeId));
        const remove = [...cache.entries(layer)].map(({ type, name }) => ({ type, name }));
        cache.update([{ layer, upsert: [], remove }]);
        return;
      }
      case 'trust-bundle':
        this.#publishRoots(change.bundle.pem);
        return;
      case 'failed': {
        const { error, notAfter, retryInMs } = change;
        const identity = formatSpiffeId(change.spiffeId);
        const words = error instanceof Error ? error.message : String(error);
        const { code, fix } = finding('DK5002', { object: PROXIES }, { identity, error: words });
        const end = notAfter !== undefined && { end: new Date(notAfter).toISOString() };
        log.error('a certificate could not be issued', { code, identity, ...end, error, retryInMs, fix });
        return;
      }
    }
  }

  #publishRoots(pem: string): void {
    this.#options.cache.update([{ layer: layers.mesh, upsert: [encoded(rootsSecret(pem))], remove: [] }]);
  }
}
