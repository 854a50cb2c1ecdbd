// The ASN.1 registry of @peculiar/x509 needs the metadata polyfill before it is loaded.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { createPrivateKey } from 'node:crypto';
import { generateEcKeyPair, privateKeyPemOf } from '../../../../operator/identity/key-pair.ts';
import type { Certificate } from '../../../integration/envoy/harness/index.ts';

/** A name in a certificate. Its bytes go in as they are. */
export interface OddName {
  readonly kind: 'uri' | 'dns' | 'email';
  readonly value: string;
}

/** What signs. */
export interface Root {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Tags of GeneralName (RFC 5280, section 4.2.1.6). */
const TAG = { email: 0x81, dns: 0x82, uri: 0x86 } as const;

/** A client's certificate with names that the mesh would never sign, signed by its root all the same. */
export async function oddCertificate(root: Root, names: readonly OddName[], subject?: string): Promise<Certificate> {
  const keys = await generateEcKeyPair();
  const issuer = new x509.X509Certificate(root.certificatePem);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: String(1 + Math.floor(now % 1e9)),
    issuer: issuer.subjectName,
    ...(subject === undefined ? {} : { subject }),
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + 3_600_000),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey.toCryptoKey(ALGORITHM, true, ['verify']),
    signingKey: createPrivateKey(root.privateKeyPem).toCryptoKey(ALGORITHM, false, ['sign']),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ...(names.length === 0 ? [] : [new x509.Extension('2.5.29.17', subject === undefined, generalNames(names))]),
    ],
  });
  return { cert: certificate.toString('pem'), key: privateKeyPemOf(keys.privateKey) };
}

function generalNames(names: readonly OddName[]): Uint8Array<ArrayBuffer> {
  const entries = names.map(({ kind, value }) => der(TAG[kind], Buffer.from(value, 'latin1')));
  return Uint8Array.from(der(0x30, Buffer.concat(entries)));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
