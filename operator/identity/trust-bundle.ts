import { X509Certificate } from 'node:crypto';
import { certificatesIn, fingerprintOf } from './certificates.ts';
import { type RootState, trustedCertificates } from './root-state.ts';

/** One trusted root. */
export interface TrustedRoot {
  readonly certificatePem: string;
  /** SHA-256 of the DER bytes, lower-case hex. */
  readonly fingerprint: string;
  /** Epoch milliseconds. */
  readonly notAfter: number;
}

/** What the proxies of a trust domain trust: one root, or two while the root changes; more where more are given. */
export interface TrustBundle {
  readonly trustDomain: string;
  /** Sorted by fingerprint, so that equal bundles are equal bytes on every replica. */
  readonly roots: readonly TrustedRoot[];
  /** All roots, PEM. */
  readonly pem: string;
}

/** The trust bundle of a root state. */
export function trustBundleOf(trustDomain: string, state: RootState): TrustBundle {
  const byFingerprint = new Map(
    trustedCertificates(state)
      .flatMap(certificatesIn)
      .map((certificatePem) => [fingerprintOf(certificatePem), certificatePem]),
  );
  const roots = [...byFingerprint]
    .map(([fingerprint, certificatePem]) => ({
      certificatePem,
      fingerprint,
      notAfter: new X509Certificate(certificatePem).validToDate.getTime(),
    }))
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  const pem = roots.map((root) => `${root.certificatePem.trimEnd()}\n`).join('');
  return { trustDomain, roots, pem };
}
