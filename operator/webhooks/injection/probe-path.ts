import type { ProbeRoute } from '@dot-kube/proxy/bootstrap';
import type { IntOrString } from '../../api/core.ts';
import { objectOf } from '../../build/lenient.ts';
import { APPLICATION_PROBE_PORT } from './names.ts';
import type { HandlerShape } from './pod-shape.ts';

/**
 * The path under which the proxy passes a probe on says all of what it was, so that nothing else has to be remembered, by the
 * proxy or by whoever undoes it:
 *
 * `/app/http/8080/healthz?deep=1`, `/app/https/web/healthz`, `/app/tcp/5432/<period>/<timeout>`,
 * `/app/grpc/9000/<period>/<timeout>/shop.v1.Reviews`: container, kind, port as it was written, and the rest.
 */
export type ProbePath =
  | { readonly kind: 'http' | 'https'; readonly port: IntOrString; readonly target: string }
  | { readonly kind: 'tcp' | 'grpc'; readonly port: IntOrString; readonly timing: Timing; readonly service: string };

/** Both in seconds. */
export interface Timing {
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
}

/** What of a probe path is its own for paths that it can be told from others by. */
const PATTERNS = {
  http: /^(https?)\/([^/]+)(\/.*)$/s,
  tcp: /^(tcp)\/([^/]+)\/(\d+)\/(\d+)()$/,
  grpc: /^(grpc)\/([^/]+)\/(\d+)\/(\d+)\/(.*)$/s,
} as const;

/**
 * The path of a handler; it is kept where it is one already. `timing` is `<period>/<timeout>` of a probe, and undefined for
 * hooks, which are HTTP or not passed on.
 */
export function proxyPathOf(container: string, handler: HandlerShape, timing: string | undefined): string | undefined {
  const http = objectOf(handler.httpGet);
  if (http !== undefined) {
    if (isSomewhereElse(http.host)) return undefined;
    const { path = '/', port, scheme = 'HTTP' } = http;
    if (port === APPLICATION_PROBE_PORT && parseProbePath(container, path) !== undefined) return path;
    return `/${container}/${scheme.toLowerCase()}/${port}${path.startsWith('/') ? '' : '/'}${path}`;
  }
  if (timing === undefined) return undefined;
  const tcp = objectOf(handler.tcpSocket);
  if (tcp !== undefined) return isSomewhereElse(tcp.host) ? undefined : `/${container}/tcp/${tcp.port}/${timing}`;
  const grpc = objectOf(handler.grpc);
  return grpc === undefined ? undefined : `/${container}/grpc/${grpc.port}/${timing}/${grpc.service ?? ''}`;
}

/** What a path of a container was made from; undefined for others. */
export function parseProbePath(container: string, path: string): ProbePath | undefined {
  const prefix = `/${container}/`;
  if (!path.startsWith(prefix)) return undefined;
  const rest = path.slice(prefix.length);
  const http = PATTERNS.http.exec(rest);
  if (http !== null) {
    const [, scheme, port = '', target = '/'] = http;
    return { kind: scheme === 'https' ? 'https' : 'http', port: portOf(port), target };
  }
  const [, kind, port = '', period, timeout, service = ''] = PATTERNS.tcp.exec(rest) ?? PATTERNS.grpc.exec(rest) ?? [];
  if (kind === undefined) return undefined;
  const timing = { periodSeconds: Number(period), timeoutSeconds: Number(timeout) };
  return { kind: kind === 'tcp' ? 'tcp' : 'grpc', port: portOf(port), timing, service };
}

/** The handler that makes the kubelet ask the proxy. */
export function forwarded(handler: HandlerShape, path: string): HandlerShape {
  const { grpc: _grpc, httpGet, tcpSocket: _tcpSocket, ...rest } = handler;
  return { ...rest, httpGet: { ...objectOf(httpGet), path, port: APPLICATION_PROBE_PORT, scheme: 'HTTP' } };
}

/** The handler that it was before. */
export function restored(container: string, handler: HandlerShape): HandlerShape {
  const http = objectOf(handler.httpGet);
  const was = http?.port === APPLICATION_PROBE_PORT ? parseProbePath(container, http.path ?? '/') : undefined;
  if (http === undefined || was === undefined) return handler;
  const { httpGet: _httpGet, ...rest } = handler;
  if ('timing' in was) {
    if (was.kind === 'tcp') return { ...rest, tcpSocket: { port: was.port } };
    return { ...rest, grpc: { port: was.port, ...(was.service === '' ? {} : { service: was.service }) } };
  }
  const { scheme: _scheme, ...request } = http;
  const scheme = was.kind === 'https' ? { scheme: 'HTTPS' } : {};
  return { ...rest, httpGet: { ...request, path: was.target, port: was.port, ...scheme } };
}

/** The proxy's route of a path, to the number that the port has. */
export function probeRouteOf(path: string, was: ProbePath, port: number): ProbeRoute {
  if ('timing' in was) return { kind: was.kind, path, port, ...was.timing, service: was.service };
  const [target = '/'] = was.target.split('?', 1);
  return { kind: was.kind, path, target, port };
}

/** The kubelet asks the host that is named, and not the pod. */
function isSomewhereElse(host: string | undefined): boolean {
  return host !== undefined && host !== '';
}

function portOf(text: string): IntOrString {
  return /^\d+$/.test(text) ? Number(text) : text;
}
