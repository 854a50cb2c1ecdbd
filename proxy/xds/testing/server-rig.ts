import {
  type AuthenticatedProxy,
  type Clock,
  encodeResource,
  type EncodedResource,
  type Limits,
  ResourceCache,
  type ServerCertificate,
  typeUrls,
  XdsServer,
  type XdsObserver,
} from '../index.ts';

/** How to start a server for a test. */
export interface ServerRigOptions {
  /** What a token may see. Default: `mesh`. */
  readonly layersOf?: (token: string) => readonly string[];
  /** Throws for a token that is not good. */
  readonly judge?: (token: string) => void | Promise<void>;
  readonly onOpened?: AuthenticatedProxy['onOpened'];
  readonly onClosed?: AuthenticatedProxy['onClosed'];
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  readonly tls?: ServerCertificate;
  readonly closedFor?: () => string | undefined;
  readonly isProven?: boolean;
}

/** What an observer was told. */
export interface RecordedEvent {
  readonly kind: keyof XdsObserver;
  readonly reason?: string;
  readonly remaining?: number;
}

/** A server on a free port of loopback with a cache in sync; a proxy's id is its token. */
export async function startServer(options: ServerRigOptions = {}) {
  const {
    layersOf = () => ['mesh'],
    judge = () => {},
    onOpened,
    onClosed,
    limits,
    clock,
    tls,
    closedFor,
    isProven,
  } = options;
  const cache = new ResourceCache();
  cache.markSynced();
  const events: RecordedEvent[] = [];
  const kinds = [
    'connected',
    'disconnected',
    'refused',
    'sent',
    'acked',
    'nacked',
    'rejected',
    'quarantined',
    'released',
  ] as const;
  const observer: XdsObserver = Object.fromEntries(
    kinds.map((kind) => [kind, (event: object) => events.push({ kind, ...event })]),
  );
  const server = new XdsServer({
    cache,
    observer,
    authenticate: async ({ token }) => {
      await judge(token);
      const hooks = {
        ...(onOpened === undefined ? {} : { onOpened }),
        ...(onClosed === undefined ? {} : { onClosed }),
      };
      return { proxyId: token, layers: layersOf(token), ...hooks };
    },
    emptyResource: (type, name) =>
      type === typeUrls.secret ? undefined : encodeResource(type, name, Buffer.from('empty')),
    ...(limits === undefined ? {} : { limits }),
    ...(clock === undefined ? {} : { clock }),
    ...(closedFor === undefined ? {} : { closedFor }),
    ...(isProven === undefined ? {} : { isProven }),
  });
  const address = { port: 0, host: '127.0.0.1' };
  const { port } =
    tls === undefined ? await server.listenPlaintextOnLoopback(address) : await server.listen(address, tls);
  return {
    server,
    port,
    events,
    /** Writes to a layer; answers the revision. */
    put: (layer: string, ...upsert: readonly EncodedResource[]) => cache.update([{ layer, upsert, remove: [] }]),
    sessions: () => server.connectionCount,
    [Symbol.asyncDispose]: () => server.close(),
  };
}
