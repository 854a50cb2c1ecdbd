import type { Protocol } from '@dot-kube/proxy/model';

/** How a port says what it speaks; `declared` is false where the proxy has to look at the first bytes. */
export interface PortProtocol {
  readonly protocol: Protocol;
  readonly declared: boolean;
}

/** Names by which ports say what they speak. What is encrypted by the application itself is opaque. */
const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ...names('http', 'http', 'http1', 'ws', 'kubernetes.io/ws', 'grpc-web'),
  ...names('http2', 'http2', 'h2c', 'kubernetes.io/h2c'),
  ...names('grpc', 'grpc', 'kubernetes.io/grpc'),
  ...names('tcp', 'tcp', 'https', 'tls', 'wss', 'kubernetes.io/wss', 'grpcs', 'h2', 'http3'),
  ...names('tcp', 'amqp', 'amqps', 'cassandra', 'dns', 'imap', 'imaps', 'kafka', 'ldap', 'ldaps', 'memcached', 'mongo'),
  ...names('tcp', 'mongodb', 'mqtt', 'mqtts', 'mssql', 'mysql', 'nats', 'oracle', 'pop3', 'postgres', 'postgresql'),
  ...names('tcp', 'redis', 'rediss', 'sftp', 'smtp', 'ssh', 'stomp', 'zookeeper'),
]);

function names(protocol: Protocol, ...all: readonly string[]): readonly (readonly [string, Protocol])[] {
  return all.map((name) => [name, protocol] as const);
}

/**
 * What a port speaks: its appProtocol, else its name up to the first dash (`http-api`, `grpc-web-ui`), else it is sniffed.
 * An appProtocol that we do not know says nothing.
 */
export function protocolOf(appProtocol: string | undefined, name: string | undefined): PortProtocol {
  const said = PROTOCOLS.get(appProtocol?.toLowerCase() ?? '');
  const protocol = said ?? protocolOfName(name?.toLowerCase() ?? '');
  return protocol === undefined ? { protocol: 'sniff', declared: false } : { protocol, declared: true };
}

/** By the longest name of a protocol that the port's name is, or begins with before a dash: `grpc-web` before `grpc`. */
function protocolOfName(name: string): Protocol | undefined {
  for (let end = name.length; end > 0; end = name.lastIndexOf('-', end - 1)) {
    const protocol = PROTOCOLS.get(name.slice(0, end));
    if (protocol !== undefined) return protocol;
  }
  return undefined;
}

/** What is spoken on a port of a workload for which several Services (or its container) speak. */
export type Agreed = { readonly kind: 'agreed'; readonly protocol: Protocol } | { readonly kind: 'conflict' };

/**
 * The protocol that all declarations can live with: undeclared ones give way, the kinds of HTTP meet in `http`, which takes
 * HTTP/2 too; HTTP and opaque bytes cannot be both.
 */
export function agreedProtocol(declared: readonly Protocol[]): Agreed {
  const said = new Set(declared.filter((protocol) => protocol !== 'sniff'));
  const [only] = said;
  if (only === undefined) return { kind: 'agreed', protocol: 'sniff' };
  if (said.size === 1) return { kind: 'agreed', protocol: only };
  return said.has('tcp') ? { kind: 'conflict' } : { kind: 'agreed', protocol: 'http' };
}
