import { dirname } from 'node:path/posix';
import type { Json, JsonObject, SecretFile } from './options.ts';

/** Name of the secret that {@link tokenSecret} holds. */
export const TOKEN_SECRET = 'dot-kube-token';

/** Name of the secret that {@link rootsSecret} holds. */
export const ROOTS_SECRET = 'dot-kube-roots';

/** Where a secret's bytes are: in the resource, or in a file of their own whose directory Envoy watches too. */
export type SecretSource =
  | { readonly kind: 'inline'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

/**
 * The SDS file of the proxy's bearer token. With a `file` source it never changes, as the kubelet's projected token does:
 * Envoy reads that again when the kubelet swaps it. The token must not end in a line break.
 */
export function tokenSecret(source: SecretSource): JsonObject {
  return secretFile({ name: TOKEN_SECRET, generic_secret: { secret: dataSource(source) } });
}

/** The SDS file of the roots (PEM) that the control plane's certificate is verified with. */
export function rootsSecret(source: SecretSource): JsonObject {
  return secretFile({ name: ROOTS_SECRET, validation_context: { trusted_ca: dataSource(source) } });
}

/** Envoy's SdsSecretConfig for a secret in a file. */
export function secretConfig(name: string, file: SecretFile): JsonObject {
  const watched = file.watchedDirectory ?? dirname(file.path);
  return {
    name,
    sds_config: {
      path_config_source: { path: file.path, watched_directory: { path: watched } },
      resource_api_version: 'V3',
    },
  };
}

function secretFile(secret: JsonObject): JsonObject {
  const type = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
  return { resources: [{ '@type': type, ...secret }] };
}

function dataSource(source: SecretSource): Json {
  return source.kind === 'inline' ? { inline_string: source.text } : { filename: source.path };
}
