import { X509Certificate } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pushOrder, type TypeUrl } from '@dot-kube/proxy/xds';
import type { AdsClient } from '../../../../proxy/xds/testing/index.ts';
import type { Tenant } from './tenant-mesh.ts';

const QUIET_MS = 120;
const PATIENCE_MS = 8000;

/** What a stream was sent of one type. */
export type Seen = ReadonlyMap<TypeUrl, string>;

/** Asks for all there is of every type, and for these names; answers what came until it was quiet. */
export async function everythingFor(client: AdsClient, names: readonly string[]): Promise<Seen> {
  for (const type of pushOrder) client.subscribe(type);
  for (const type of pushOrder) client.subscribe(type, ['*', ...names]);
  const deadline = performance.now() + PATIENCE_MS;
  await client.until(() => client.responses.length > 0 || client.ended !== undefined, PATIENCE_MS);
  for (let count = -1; count !== client.responses.length && performance.now() < deadline; ) {
    count = client.responses.length;
    await delay(QUIET_MS);
  }
  const texts = pushOrder.map((type): [TypeUrl, string] => [
    type,
    client
      .responsesOf(type)
      .flatMap(({ resources }) => resources)
      .map(({ name, bytes }) => `${name}\n${Buffer.from(bytes).toString('latin1')}`)
      .join('\n'),
  ]);
  return new Map(texts);
}

/** What in a text belongs to another tenant than this: certificates with keys, keys that are not its own, and inbound configuration. */
export function leaksIn(text: string, own: Tenant, ownKey: string, others: readonly Tenant[]): readonly string[] {
  const markers = others
    .filter(({ marker }) => text.includes(marker))
    .map(({ id }) => `inbound configuration of ${id}`);
  const identities = identitiesIn(text).filter((uri) => uri !== own.spiffeId);
  const keys = keysIn(text).filter((key) => key !== ownKey);
  return [
    ...markers,
    ...identities.map((uri) => `a certificate of ${uri}`),
    ...keys.map(() => 'a private key of somebody else'),
  ];
}

/** The SPIFFE IDs of leaf certificates in a text. */
export function identitiesIn(text: string): readonly string[] {
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return certificates.flatMap((pem) => {
    const { ca, subjectAltName = '' } = new X509Certificate(pem);
    return ca ? [] : [subjectAltName.replace(/^URI:/, '')];
  });
}

/** Private keys in a text. */
export function keysIn(text: string): readonly string[] {
  return text.match(/-----BEGIN (?:EC )?PRIVATE KEY-----[^-]*-----END (?:EC )?PRIVATE KEY-----/g) ?? [];
}
