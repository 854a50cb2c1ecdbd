import type { SourceRef } from '../model/index.ts';
import { IDENTITY_SECRET, ROOTS_SECRET } from './names.ts';
import { SecretSchema } from './proto/index.ts';
import { type EnvoyResource, resource } from './resource.ts';

/** A proxy's own certificate. */
export interface Identity {
  /** PEM: the certificate, then the intermediates up to a root that is not in it. */
  readonly certificateChain: string;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
}

/** The certificate and key that a proxy shows, as a client and as a server. */
export function identitySecret(identity: Identity, causes: readonly SourceRef[] = []): EnvoyResource {
  const message = {
    name: IDENTITY_SECRET,
    type: {
      case: 'tlsCertificate' as const,
      value: { certificateChain: inline(identity.certificateChain), privateKey: inline(identity.privateKey) },
    },
  };
  return resource(SecretSchema, IDENTITY_SECRET, message, { causes });
}

/** The roots that other proxies' certificates are verified against: PEM, one after the other. */
export function rootsSecret(roots: string, causes: readonly SourceRef[] = []): EnvoyResource {
  const message = {
    name: ROOTS_SECRET,
    type: { case: 'validationContext' as const, value: { trustedCa: inline(roots) } },
  };
  return resource(SecretSchema, ROOTS_SECRET, message, { causes });
}

function inline(value: string) {
  return { specifier: { case: 'inlineString' as const, value } };
}
