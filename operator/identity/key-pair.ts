import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** An ECDSA P-256 key pair. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** A new ECDSA P-256 key pair, made off the event loop. */
export async function generateEcKeyPair(): Promise<KeyPair> {
  return await generate('ec', { namedCurve: 'P-256' });
}

/** A private key as PKCS #8 PEM, the form that Envoy reads. */
export function privateKeyPemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}
