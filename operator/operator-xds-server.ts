import {
  type AuthenticatedProxy,
  AuthenticationUnavailableError,
  type Credentials,
  type EntryRef,
  placeKey,
  type ResourceCache,
  XdsServer,
} from '@dot-kube/proxy/xds';
import { podFacts } from './build/pod-facts.ts';
import type { SecretPublisher } from './controllers/identity/secret-publisher.ts';
import { EmptyResources } from './controllers/mesh/empty-resources.ts';
import { LOCALITIES, LocalityCounts, localityKey } from './controllers/mesh/localities.ts';
import type { MeshController } from './controllers/mesh/mesh-controller.ts';
import type { MeshGraph } from './controllers/mesh/mesh-graph.ts';
import { type ProxyDirectory, ProxyRefused } from './controllers/proxies/proxy-directory.ts';
import type { BatchedKeys } from './controllers/status/batched-keys.ts';
import type { ProgrammingBoard } from './controllers/status/programming-board.ts';
import type { ObjectChange } from './framework/derive/index.ts';
import { type Clock, type Logger, sparingly } from './framework/index.ts';

/** What the xDS server asks, and tells. */
export interface XdsServerParts {
  readonly cache: ResourceCache;
  readonly graph: MeshGraph;
  readonly mesh: MeshController;
  readonly directory: ProxyDirectory;
  readonly secrets: SecretPublisher;
  /** Objects whose counts of proxies are to follow. */
  readonly recount: BatchedKeys;
  /** Hears what proxies acknowledge and refuse; asked when they do, as it is made after the server. */
  readonly board: () => ProgrammingBoard;
  /** Proxies acknowledged these, or no longer use them. */
  readonly acknowledged: (entries: readonly EntryRef[]) => void;
  readonly log: Logger;
  readonly clock: Clock;
}

/** The xDS server of a control plane: who may connect, and who hears of what proxies say. */
export function createXdsServer(parts: XdsServerParts): XdsServer {
  const { board, cache, clock, log, mesh, recount } = parts;
  const refused = sparingly((message, fields) => log.warn(message, fields), clock);
  const localities = new LocalityCounts();
  const empty = new EmptyResources();
  return new XdsServer({
    cache,
    authenticate: (credentials) => authenticate(parts, localities, credentials),
    emptyResource: (type, name) => empty.get(type, name),
    observer: {
      connected: ({ proxyId }) => {
        log.info('a proxy connected', { proxy: proxyId });
        board().connected(proxyId);
      },
      disconnected: ({ proxyId, reason, remaining }) => {
        log.info('a proxy disconnected', { proxy: proxyId, reason });
        if (remaining === 0) board().disconnected(proxyId);
      },
      refused: ({ remoteAddress, reason }) => refused('a connection was refused', { remoteAddress, reason }),
      acked: ({ proxyId, entries }) => {
        parts.acknowledged(entries);
        const awaited = board().awaitsAcknowledgements;
        for (const entry of entries) {
          if (awaited) board().acknowledged(proxyId, placeKey(entry), entry.revision);
          for (const object of mesh.objectsOf(entry))
            if (!board().counts(proxyId, placeKey(entry), object)) recount.add(object);
        }
      },
      nacked: ({ proxyId, type, names, error }) =>
        log.warn('a proxy refused resources', { proxy: proxyId, type, names: names.slice(0, 5), error }),
      rejected: () => board().rejectionsChanged(),
      quarantined: () => board().rejectionsChanged(),
      released: () => board().rejectionsChanged(),
    },
  });
}

async function authenticate(
  parts: XdsServerParts,
  localities: LocalityCounts,
  { node, token }: Credentials,
): Promise<AuthenticatedProxy> {
  try {
    const admitted = await parts.directory.admit(token, node.id);
    const { placement } = admitted;
    await parts.secrets.published(placement.identity);
    let detach = (): void => {};
    return {
      proxyId: placement.proxyId,
      layers: placement.layers,
      onOpened: (connection) => {
        const leave = enterLocality(parts, localities, placement.proxyId);
        const release = admitted.attach(connection);
        detach = () => {
          leave();
          release();
        };
      },
      onClosed: () => detach(),
    };
  } catch (cause) {
    if (cause instanceof ProxyRefused && !cause.retryable) throw cause;
    throw new AuthenticationUnavailableError('the proxy cannot be admitted at present', { cause });
  }
}

/** Endpoints are put in order for the places where proxies are, before the first answer to one. */
function enterLocality({ graph, mesh }: XdsServerParts, localities: LocalityCounts, proxyId: string): () => void {
  const locality = graph.graph.peek(podFacts, proxyId)?.locality;
  if (locality === undefined) return () => {};
  const tell = (object?: typeof locality): void =>
    mesh.take([
      { collection: LOCALITIES, key: localityKey(locality), ...(object && { object }) },
    ] as readonly ObjectChange[]);
  if (localities.add(locality)) {
    tell(locality);
    mesh.flush();
  }
  return () => {
    if (localities.remove(locality)) tell();
  };
}
