import type { XdsServer } from '@dot-kube/proxy/xds';
import type { ReplicaTrust } from './controllers/identity/proxy-trust.ts';
import { isOfReplicas, type ReplicaEndpoints, replicaAddresses } from './controllers/replicas/replica-addresses.ts';
import { type ReplicaMembers, reportedRefusals, Replicas } from './controllers/replicas/replicas.ts';
import type { Informers } from './controllers/informers.ts';
import type { MeshController } from './controllers/mesh/mesh-controller.ts';
import type { BatchedKeys } from './controllers/status/batched-keys.ts';
import type { ProgrammingBoard } from './controllers/status/programming-board.ts';
import type { Runnable } from './framework/index.ts';
import type { OperatorOptions } from './operator-options.ts';
import type { OperatorParts } from './operator-parts.ts';

/** What replicas tell each other of. */
export interface ReplicaParts {
  readonly options: OperatorOptions;
  readonly informers: Informers;
  readonly server: XdsServer;
  readonly mesh: MeshController;
  readonly recount: BatchedKeys;
  /** How the proxies of this replica stand in a change of the root. */
  readonly trust: () => ReplicaTrust;
  /** Asked later, as it is made after this. */
  readonly board: () => ProgrammingBoard;
  /** The status of an object may be different. */
  readonly touch: (object: string) => void;
}

/** The other replicas of this control plane; undefined where there are none. */
export function createReplicas(parts: ReplicaParts): Replicas | undefined {
  const { options, server, mesh, recount, trust, board, touch } = parts;
  const { authority, clock, log, metrics, instance } = options;
  if (options.replicas === undefined) return undefined;
  const { address, namespace, service, peers, lapseMs } = options.replicas;
  const replicas = new Replicas({
    address,
    namespace,
    members: membersIn(parts.informers, { namespace, service, port: address.port }, peers),
    source: {
      instance,
      objects: () => mesh.objects(),
      standingOf: (object) => board().standingOf(object),
      connected: () => server.connected(),
      refusals: () => reportedRefusals(server.rejections()),
      trust,
    },
    lapseMs,
    moved: (objects) => {
      for (const object of objects) touch(object);
    },
    refused: () => board().rejectionsChanged(),
    changed: () => {
      for (const object of mesh.objects()) recount.add(object);
    },
    authority,
    clock,
    log,
    metrics,
  });
  // What others refuse counts from when it is in force here too.
  mesh.subscribe({ pushed: () => replicas.refusals().length > 0 && board().rejectionsChanged() });
  return replicas;
}

/** What replicas tell each other. */
export function replicaRunnables({ replicas }: OperatorParts): readonly Runnable[] {
  return replicas?.runnables() ?? [];
}

/** The endpoints of a Service, and who was named besides. */
function membersIn(
  { endpointSlices }: Informers,
  replicas: ReplicaEndpoints,
  peers: readonly string[],
): ReplicaMembers {
  return {
    addresses: () => [...new Set([...peers, ...replicaAddresses(endpointSlices.store.list(), replicas)])],
    subscribe: (changed) =>
      endpointSlices.store.subscribe((changes) => {
        const slices = changes.flatMap((change) =>
          change.kind === 'upsert' ? [change.new, change.old] : [change.old],
        );
        if (slices.some((slice) => slice !== undefined && isOfReplicas(slice, replicas))) changed();
      }),
  };
}
