import {
  isTypeUrl,
  parsePlaceKey,
  placeKey,
  type Rejection,
  type ResourceCache,
  typeUrls,
  type XdsServer,
} from '@dot-kube/proxy/xds';
import type { MeshController } from './controllers/mesh/mesh-controller.ts';
import type { Replicas } from './controllers/replicas/replicas.ts';
import type { BatchedKeys } from './controllers/status/batched-keys.ts';
import { ProgrammingBoard } from './controllers/status/programming-board.ts';
import { Returning } from './controllers/status/returning.ts';
import type { Clock } from './framework/index.ts';

/** How long Envoy keeps connections of a filter chain that was replaced, with a margin; see `envoyArgs`. */
const DRAIN_MS = 1200;

/** What is known of proxies, and who hears of it. */
export interface ProgrammingParts {
  readonly server: XdsServer;
  readonly cache: ResourceCache;
  readonly mesh: MeshController;
  readonly recount: BatchedKeys;
  /** Ids of the proxies that run, as far as the API tells. */
  readonly runningProxies: () => readonly string[];
  readonly clock: Clock;
  /** See `OperatorOptions`. */
  readonly returnMs: number;
  /** The status of an object may be different; `waits`: at most in whom is waited for. */
  readonly touch: (object: string, waits: boolean) => void;
  /** Other replicas, if there may be any. */
  readonly replicas?: Replicas;
}

/** Where it is kept which proxies have what, and which of them are expected back. */
export function createProgramming(parts: ProgrammingParts): {
  readonly board: ProgrammingBoard;
  readonly returning: Returning;
} {
  const { server, mesh, recount, runningProxies, clock, returnMs, touch, replicas } = parts;
  const board: ProgrammingBoard = new ProgrammingBoard({
    source: {
      connected: () => server.connected(),
      uses: (proxy, entry) => server.uses(proxy, parsePlaceKey(entry)),
      ackedRevision: (proxy, entry) => server.ackedRevision(proxy, parsePlaceKey(entry)),
      rejections: () =>
        [...server.rejections(), ...refusedElsewhere(parts)].map((held) => ({
          entry: placeKey(held),
          proxy: held.proxy,
          message: held.error,
        })),
      usersOf: (entries) => {
        const refs = entries.map(parsePlaceKey);
        return server.connected().filter((proxy) => refs.some((ref) => server.uses(proxy, ref)));
      },
    },
    ...(replicas && { others: () => replicas.views(), proxiesChanged: () => replicas.touchProxies() }),
    mesh,
    clock,
    drainMs: DRAIN_MS,
    isListener: (type) => type === typeUrls.listener,
    isReturning: () => returning.isUnderWay,
    moved: touch,
    gone: () => {
      for (const object of mesh.objects()) recount.add(object);
    },
  });
  const returning = new Returning({
    clock,
    graceMs: returnMs,
    expected: runningProxies,
    isBack: (proxy) => server.connection(proxy)?.session.isUpToDate === true || replicas?.hasElsewhere(proxy) === true,
    over: () => board.returned(),
  });
  return { board, returning };
}

/** What proxies of other replicas refuse of what is in force here: versions are the same for the same bytes everywhere. */
function refusedElsewhere({ cache, replicas }: ProgrammingParts): readonly Rejection[] {
  return (replicas?.refusals() ?? []).flatMap((refusal) => {
    if (!isTypeUrl(refusal.type)) return [];
    const held = { ...refusal, type: refusal.type };
    return cache.entry(held)?.version === held.version ? [held] : [];
  });
}
