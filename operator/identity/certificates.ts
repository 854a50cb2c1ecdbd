// The ASN.1 registry of @peculiar/x509 needs the metadata polyfill before it is loaded.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { type KeyObject, randomBytes, type webcrypto, X509Certificate } from 'node:crypto';
import type { KeyPair } from './key-pair.ts';

/** From when until when a certificate holds, in epoch milliseconds. X.509 keeps whole seconds. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate and the key that signs with it. */
export interface Signer {
  readonly certificatePem: string;
  readonly privateKey: KeyObject;
}

/** The names a certificate speaks for. */
export interface SubjectNames {
  readonly uris?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

const p384 = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const;

const usages = x509.KeyUsageFlags;

/** 126 random bits, positive and never zero (RFC 5280 §4.1.2.2). */
const serialNumber = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString('hex');
};

/** How a key signs: one of ours, or one that was given. Undefined for a kind that Envoy would not verify. */
export function signatureAlgorithmOf(
  key: KeyObject,
): webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams | undefined {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (namedCurve === 'prime256v1') return algorithm;
  return namedCurve === 'secp384r1' ? p384 : undefined;
}

const signingKey = (key: KeyObject): webcrypto.CryptoKey =>
  key.toCryptoKey(signatureAlgorithmOf(key) ?? algorithm, false, ['sign']);
const verifyingKey = (key: KeyObject): webcrypto.CryptoKey => key.toCryptoKey(algorithm, true, ['verify']);

/** The issuer's own key identifier where it has one, because verifiers compare the two (RFC 5280 §4.2.1.1). */
const authorityKeyIdentifier = async (issuer: x509.X509Certificate): Promise<x509.Extension> => {
  const own = issuer.getExtension(x509.SubjectKeyIdentifierExtension);
  return own === null
    ? await x509.AuthorityKeyIdentifierExtension.create(issuer)
    : new x509.AuthorityKeyIdentifierExtension(own.keyId);
};

/** Each certificate of a PEM text on its own. */
export function certificatesIn(pem: string): readonly string[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []).map((each) => `${each}\n`);
}

/** SHA-256 over the DER bytes, lower-case hex without colons. */
export function fingerprintOf(certificatePem: string): string {
  return new X509Certificate(certificatePem).fingerprint256.replaceAll(':', '').toLowerCase();
}

/**
 * A self-signed root for a trust domain (SPIFFE X.509-SVID §4 and §5.2): it signs leaves only, and carries
 * the trust domain as its own URI name.
 */
export async function selfSignedRoot(trustDomain: string, keys: KeyPair, validity: Validity): Promise<string> {
  const publicKey = verifyingKey(keys.publicKey);
  const identifier = await x509.SubjectKeyIdentifierExtension.create(publicKey);
  const name = `CN=dot-kube root ${identifier.keyId.slice(0, 12)}`;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name,
    issuer: name,
    notBefore: new Date(validity.notBefore),
    notAfter: new Date(validity.notAfter),
    signingAlgorithm: algorithm,
    publicKey,
    signingKey: signingKey(keys.privateKey),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(usages.keyCertSign | usages.cRLSign, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: `spiffe://${trustDomain}` }]),
      identifier,
    ],
  });
  return certificate.toString('pem');
}

/**
 * A leaf for client and server authentication. Its subject is empty, so the alternative names are critical
 * (RFC 5280 §4.2.1.6).
 */
export async function leafCertificate(
  signer: Signer,
  publicKey: KeyObject,
  names: SubjectNames,
  validity: Validity,
): Promise<string> {
  const issuer = new x509.X509Certificate(signer.certificatePem);
  const subjectKey = verifyingKey(publicKey);
  const alternativeNames: x509.JsonGeneralNames = [
    ...(names.uris ?? []).map((value) => ({ type: 'url' as const, value })),
    ...(names.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(names.ipAddresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    // The name itself: written anew from text its bytes may differ, and some verifiers compare these.
    issuer: issuer.subjectName,
    notBefore: new Date(validity.notBefore),
    notAfter: new Date(validity.notAfter),
    signingAlgorithm: signatureAlgorithmOf(signer.privateKey) ?? algorithm,
    publicKey: subjectKey,
    signingKey: signingKey(signer.privateKey),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(usages.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(alternativeNames, true),
      await authorityKeyIdentifier(issuer),
      await x509.SubjectKeyIdentifierExtension.create(subjectKey),
    ],
  });
  return certificate.toString('pem');
}
