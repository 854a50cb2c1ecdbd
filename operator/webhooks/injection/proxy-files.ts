import {
  bootstrapFor,
  type JsonObject,
  type ProxyLimits,
  rootsSecret,
  type SecureControlPlane,
  tokenSecret,
} from '@dot-kube/proxy/bootstrap';
import { PROXY_DIRECTORY, PROXY_FILES, PROXY_PROBE_PORT } from './names.ts';
import type { InjectionSettings } from './settings.ts';

/** A control plane as proxies of pods reach it. */
export type PodControlPlane = Omit<SecureControlPlane, 'kind' | 'roots' | 'token'>;

/** What all proxies of a mesh are started with. */
export interface ProxyFilesOptions {
  readonly controlPlane: PodControlPlane;
  /** Asked when the control plane does not answer. Default: nobody. */
  readonly standby?: PodControlPlane;
  /** What the control plane's certificate is verified with, PEM. */
  readonly rootsPem: string;
  /** Default: 50,000 connections of callers. */
  readonly limits?: ProxyLimits;
}

/**
 * The data of the ConfigMap that {@link InjectionSettings} name, by file. The same in all namespaces: who a proxy is, is in its
 * token.
 */
export function proxyFiles(
  { controlPlane, limits = { downstreamConnections: 50_000 }, rootsPem, standby }: ProxyFilesOptions,
  { families }: Pick<InjectionSettings, 'families'>,
): Readonly<Record<string, string>> {
  const [address = '0.0.0.0', ...additionalAddresses] = families.map((family) =>
    family === 'ipv4' ? '0.0.0.0' : '::',
  );
  const bootstrap = bootstrapFor({
    controlPlane: secured(controlPlane),
    ...(standby === undefined ? {} : { standby: secured(standby) }),
    limits,
    probes: { address, additionalAddresses, port: PROXY_PROBE_PORT },
  });
  return {
    [PROXY_FILES.bootstrap]: fileText(bootstrap),
    [PROXY_FILES.roots]: fileText(rootsSecret({ kind: 'inline', text: rootsPem })),
    [PROXY_FILES.tokenSecret]: fileText(tokenSecret({ kind: 'file', path: `${PROXY_DIRECTORY}/${PROXY_FILES.token}` })),
  };
}

function secured(controlPlane: PodControlPlane): SecureControlPlane {
  return {
    ...controlPlane,
    kind: 'tls',
    roots: { path: `${PROXY_DIRECTORY}/${PROXY_FILES.roots}` },
    token: { path: `${PROXY_DIRECTORY}/${PROXY_FILES.tokenSecret}` },
  };
}

function fileText(content: JsonObject): string {
  return `${JSON.stringify(content)}\n`;
}
