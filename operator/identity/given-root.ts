import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { certificatesIn, fingerprintOf, signatureAlgorithmOf } from './certificates.ts';
import { privateKeyPemOf } from './key-pair.ts';
import type { Root } from './root-state.ts';

/** A certificate authority that somebody gives is not one that can sign; the message names the field and the fix. */
export class GivenRootError extends Error {
  override readonly name = 'GivenRootError';
}

/** The files of a Secret of the type kubernetes.io/tls, PEM; `ca.crt` may be left out. */
export type GivenFiles = Readonly<Partial<Record<'tls.crt' | 'tls.key' | 'ca.crt', string>>>;

/**
 * The root that is given by the files of a Secret: `tls.crt` signs (and may be followed by those above it), `tls.key` is its key,
 * `ca.crt` is what is trusted (default: the last one of `tls.crt`). `where` names the Secret. Throws {@link GivenRootError}, and
 * never quotes what is in a file.
 */
export function givenRoot(files: GivenFiles, where: string, now: number): Root {
  const fail: Fail = (field, what, fix) => {
    throw new GivenRootError(`${where}: ${field} ${what}: ${fix}`);
  };
  const chain = parsed(files['tls.crt'] ?? '', () =>
    fail('tls.crt', 'has no PEM certificate', 'put the certificate authority’s certificate there'),
  );
  const [signer] = chain;
  if (signer === undefined) throw new TypeError('a chain has a first certificate');
  if (!signer.ca) {
    fail('tls.crt', 'is not of a certificate authority', 'give one with basicConstraints CA:TRUE (cert-manager: isCA)');
  }
  if (signer.validToDate.getTime() <= now) {
    fail('tls.crt', `has expired at ${signer.validToDate.toISOString()}`, 'renew it');
  }
  const key = keyOf(files['tls.key'] ?? '', () =>
    fail('tls.key', 'is no PEM private key without a passphrase', 'put the key of tls.crt there'),
  );
  if (!signer.checkPrivateKey(key)) fail('tls.key', 'is not the key of tls.crt', 'give both of the same issuance');
  if (signatureAlgorithmOf(key) === undefined) {
    fail('tls.key', 'is of a kind that proxies do not verify', 'use ECDSA P-256 or P-384, or RSA of 2048 bits or more');
  }
  const certificatePem = `${signer.toString().trimEnd()}\n`;
  const root = { certificatePem, privateKeyPem: privateKeyPemOf(key) };
  const anchors = anchorsOf(files['ca.crt'], chain, fail);
  if (!isTrusted(chain, anchors)) {
    fail('ca.crt', 'has not signed tls.crt', 'put the root above tls.crt there, and those between after it in tls.crt');
  }
  const trusted = new Set(anchors.map(fingerprint));
  const end = chain.findIndex((each) => trusted.has(fingerprint(each)));
  const between = chain.slice(0, end < 0 ? chain.length : end);
  return {
    ...root,
    ...(anchors.length === 1 && trusted.has(fingerprint(signer)) ? {} : { anchorsPem: textOf(anchors) }),
    ...(between.length === 0 ? {} : { chainPem: textOf(between) }),
  };
}

type Fail = (field: keyof GivenFiles, what: string, fix: string) => never;

function anchorsOf(
  given: string | undefined,
  chain: readonly X509Certificate[],
  fail: Fail,
): readonly X509Certificate[] {
  const isGiven = given !== undefined && given.trim() !== '';
  const anchors = isGiven
    ? parsed(given, () => fail('ca.crt', 'has no PEM certificate', 'put the trusted root there'))
    : chain.slice(-1);
  if (anchors.every((anchor) => anchor.checkIssued(anchor))) return anchors;
  return isGiven
    ? fail('ca.crt', 'is no root', 'put the self-signed root there, and those below it after the first one in tls.crt')
    : fail('ca.crt', 'is missing, and tls.crt does not end in a root', 'put the self-signed root there');
}

function parsed(pem: string, fail: () => never): readonly X509Certificate[] {
  try {
    const certificates = certificatesIn(pem).map((each) => new X509Certificate(each));
    return certificates.length === 0 ? fail() : certificates;
  } catch {
    // What OpenSSL says of it helps nobody.
    return fail();
  }
}

function keyOf(pem: string, fail: () => never): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    return fail();
  }
}

/** Whether each certificate has signed the one before, up to one that is trusted. */
function isTrusted(chain: readonly X509Certificate[], anchors: readonly X509Certificate[]): boolean {
  const signs = (above: X509Certificate, below: X509Certificate): boolean =>
    below.checkIssued(above) && below.verify(above.publicKey);
  for (const [at, each] of chain.entries()) {
    if (anchors.some((anchor) => fingerprint(anchor) === fingerprint(each) || signs(anchor, each))) return true;
    const above = chain[at + 1];
    if (above === undefined || !signs(above, each)) return false;
  }
  return false;
}

function fingerprint(certificate: X509Certificate): string {
  return fingerprintOf(certificate.toString());
}

function textOf(certificates: readonly X509Certificate[]): string {
  return certificates.map((each) => `${each.toString().trimEnd()}\n`).join('');
}
