import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchDirectory } from '../../../tools/scratch-directory.ts';

/** A key that an API server signs tokens with. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Has the API server sign with it, and take what it has signed. */
  readonly apiServerArgs: readonly string[];
}

/** A token that nobody may be let in with. */
export interface Forged {
  readonly title: string;
  readonly token: string;
}

type Claims = Readonly<Record<string, unknown>>;

/** A new key, in files that an API server reads. */
export async function signingKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const directory = await scratchDirectory('signing');
  const [secret, open] = [join(directory, 'key.pem'), join(directory, 'key.pub')];
  await writeFile(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(open, publicKey.export({ type: 'spki', format: 'pem' }));
  const apiServerArgs = [`--service-account-signing-key-file=${secret}`, `--service-account-key-file=${open}`];
  return { privateKey, publicKey, apiServerArgs };
}

/** Everything that is known to pass somewhere, made of a good token. */
export function forgedTokens(good: string, { privateKey, publicKey }: SigningKey): readonly Forged[] {
  const [head = '', body = '', signature = ''] = good.split('.');
  const [header, claims] = [decoded(head), decoded(body)];
  const now = Math.floor(Date.now() / 1000);
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = stranger.publicKey.export({ format: 'jwk' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const teller = { ...claims, sub: 'system:serviceaccount:bank:teller' };
  const by = (key: KeyObject, more: Claims, what: Claims = claims) => signed({ ...header, ...more }, what, key);
  return [
    {
      title: 'a token that has expired',
      token: by(privateKey, {}, { ...claims, iat: now - 7200, nbf: now - 7200, exp: now - 3600 }),
    },
    { title: 'a token of tomorrow', token: by(privateKey, {}, { ...claims, nbf: now + 86_400, exp: now + 90_000 }) },
    { title: 'a token of another issuer', token: by(privateKey, {}, { ...claims, iss: 'https://example.com' }) },
    { title: 'a token with alg none', token: `${encoded({ ...header, alg: 'none' })}.${body}.` },
    {
      title: 'a token with alg none and a signature',
      token: `${encoded({ ...header, alg: 'NONE' })}.${body}.${signature}`,
    },
    { title: 'a token without a signature', token: `${head}.${body}.` },
    { title: 'a token with another’s claims and its own signature', token: `${head}.${encoded(teller)}.${signature}` },
    { title: 'a token signed with the public key as a secret (PEM)', token: hashed(header, claims, pem) },
    { title: 'a token signed with the public key as a secret (DER)', token: hashed(header, claims, der) },
    { title: 'a token signed with an empty secret', token: hashed(header, claims, '') },
    { title: 'a token of another key with the known kid', token: by(stranger.privateKey, {}) },
    { title: 'a token of another key with an unknown kid', token: by(stranger.privateKey, { kid: 'unknown' }) },
    { title: 'a token of another key without a kid', token: by(stranger.privateKey, { kid: undefined }) },
    {
      title: 'a token that brings its key',
      token: by(stranger.privateKey, { kid: undefined, jwk, jku: 'http://127.0.0.1/keys' }),
    },
    { title: 'a token whose kid is a path', token: by(stranger.privateKey, { kid: '../../../dev/null' }) },
  ];
}

/** A token that the key has signed with RS256. */
export function signed(header: Claims, claims: Claims, key: KeyObject): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
}

/** What a token says. */
export function claimsOf(token: string): { readonly header: Claims; readonly claims: Claims } {
  const [head = '', body = ''] = token.split('.');
  return { header: decoded(head), claims: decoded(body) };
}

function hashed(header: Claims, claims: Claims, secret: string | Buffer): string {
  const text = `${encoded({ ...header, alg: 'HS256' })}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function encoded(value: Claims): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(part: string): Claims {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;
}
