import 'reflect-metadata';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that lives as long as the test cluster. */
export interface TestAuthority {
  /** PEM. */
  readonly certificate: string;
  /** A certificate for a server that is reached by these names and addresses. */
  server(names: readonly string[], addresses: readonly string[]): Promise<KeyPair>;
  /** A certificate that Kubernetes takes for a user of these groups. */
  client(user: string, groups: readonly string[]): Promise<KeyPair>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;
const LIFETIME_MS = 48 * HOUR_MS;

/** Makes an authority with an ECDSA P-256 key; its certificates are valid from an hour ago for two days. */
export async function createTestAuthority(): Promise<TestAuthority> {
  const keys = await generateKeys();
  const subject = 'CN=test-cluster';
  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: subject,
      keys,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    },
    webcrypto,
  );
  const issue = async (name: x509.JsonName, usage: string, alternatives: x509.JsonGeneralNames) => {
    const leaf = await generateKeys();
    const extensions: x509.Extension[] = [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage]),
    ];
    if (alternatives.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(alternatives));
    const certificate = await x509.X509CertificateGenerator.create(
      {
        subject: name,
        issuer: subject,
        publicKey: leaf.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        ...validity(),
        extensions,
      },
      webcrypto,
    );
    return { certificate: certificate.toString('pem'), key: await pemOf(leaf.privateKey) };
  };
  return {
    certificate: authority.toString('pem'),
    server: (names, addresses) =>
      issue([{ CN: [names[0] ?? 'server'] }], x509.ExtendedKeyUsage.serverAuth, [
        ...names.map((value) => ({ type: 'dns' as const, value })),
        ...addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
    client: (user, groups) =>
      issue([{ CN: [user] }, ...groups.map((group) => ({ O: [group] }))], x509.ExtendedKeyUsage.clientAuth, []),
  };
}

/** The two halves of a key with which the API server signs service account tokens and checks them; both PEM. */
export function generateSigningKey(): { readonly privateKey: string; readonly publicKey: string } {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - HOUR_MS), notAfter: new Date(now + LIFETIME_MS) };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replaceAll(/(.{64})/g, '$1\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}
