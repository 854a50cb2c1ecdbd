import type { Init } from './init.ts';
import { formatSpiffeId, type SpiffeId } from '../model/index.ts';
import { adsSecret } from './config-source.ts';
import { filter } from './extension.ts';
import { IDENTITY_SECRET, ROOTS_SECRET } from './names.ts';
import { uniqueTexts } from './order.ts';
import {
  type Cluster_TransportSocketMatchSchema,
  type CommonTlsContextSchema,
  DownstreamTlsContextSchema,
  SubjectAltNameMatcher_SanType,
  TlsParameters_TlsProtocol,
  type TransportSocketSchema,
  UpstreamTlsContextSchema,
} from './proto/index.ts';
import { type ResourceRef, TYPE } from './resource.ts';
import { escapeRegex, exactMatch, regexMatch, type StringMatcherInit } from './string-match.ts';

export type TransportSocketInit = Init<typeof TransportSocketSchema>;

/** Metadata of a locality, or of an endpoint, by which a connection is made with mesh mTLS: namespace, key and value. */
export const MTLS_METADATA = { namespace: 'envoy.transport_socket_match', key: 'mtls', value: '1' } as const;

/** What every resource with a TLS context names. */
export const TLS_REFS: readonly ResourceRef[] = [
  { type: TYPE.secret, name: IDENTITY_SECRET },
  { type: TYPE.secret, name: ROOTS_SECRET },
];

/**
 * mTLS to the endpoints whose metadata, or whose locality's, says so; those are refused unless they have one of the identities.
 * Plain text to the others, which is what a cluster does anyway: an entry for it that fits everything would come before the
 * localities are asked.
 */
export function transportSocketMatches(
  identities: readonly SpiffeId[],
  sni: string,
): readonly Init<typeof Cluster_TransportSocketMatchSchema>[] {
  if (identities.length === 0) return [];
  const mtls = { [MTLS_METADATA.key]: MTLS_METADATA.value };
  return [{ name: 'mtls', match: mtls, transportSocket: upstreamTls(identities, sni) }];
}

/** Whether a cluster has a TLS context, and so names the secrets. */
export function hasMtls(cluster: { readonly transportSocketMatches?: readonly unknown[] }): boolean {
  return (cluster.transportSocketMatches?.length ?? 0) > 0;
}

function upstreamTls(identities: readonly SpiffeId[], sni: string): TransportSocketInit {
  return filter('envoy.transport_sockets.tls', UpstreamTlsContextSchema, {
    sni,
    commonTlsContext: commonTls(uniqueTexts(identities.map(formatSpiffeId)).map(exactMatch)),
  });
}

/** TLS that only proxies of the mesh get through: their certificate is asked for and verified. */
export function downstreamTls(trustDomain: string): TransportSocketInit {
  return filter('envoy.transport_sockets.tls', DownstreamTlsContextSchema, {
    requireClientCertificate: true,
    // Of exactly this form: rules speak of its parts by how it begins and ends.
    commonTlsContext: commonTls([regexMatch(`spiffe://${escapeRegex(trustDomain)}/ns/[^/]+/sa/[^/]+`)]),
  });
}

function commonTls(peers: readonly StringMatcherInit[]): Init<typeof CommonTlsContextSchema> {
  return {
    // A client that names no maximum stops at TLS 1.2, and would have no version left.
    tlsParams: {
      tlsMinimumProtocolVersion: TlsParameters_TlsProtocol.TLSv1_3,
      tlsMaximumProtocolVersion: TlsParameters_TlsProtocol.TLSv1_3,
    },
    tlsCertificateSdsSecretConfigs: [adsSecret(IDENTITY_SECRET)],
    validationContextType: {
      case: 'combinedValidationContext',
      value: {
        defaultValidationContext: {
          matchTypedSubjectAltNames: peers.map((matcher) => ({ sanType: SubjectAltNameMatcher_SanType.URI, matcher })),
        },
        validationContextSdsSecretConfig: adsSecret(ROOTS_SECRET),
      },
    },
  };
}
