import { snapshotSource } from './controllers/standby/snapshot-source.ts';
import { SnapshotServer } from './controllers/standby/snapshot-server.ts';
import type { Pod } from './api/index.ts';
import type { Placement } from './controllers/proxies/placement.ts';
import type { OperatorOptions } from './operator-options.ts';
import type { OperatorParts } from './operator-parts.ts';

/** What standbys are told of. */
export interface SnapshotParts extends Pick<OperatorParts, 'options' | 'informers' | 'cache' | 'server' | 'xds'> {
  readonly placementOf: (pod: Pod) => Placement | undefined;
}

/** Tells standbys what proxies acknowledged; undefined where there are none. */
export function createSnapshots(parts: SnapshotParts): SnapshotServer | undefined {
  const { cache, informers, options, placementOf, server, xds } = parts;
  const { authority, clock, instance, log, standby, tokens } = options;
  if (standby === undefined) return undefined;
  const { store: pods } = informers.pods;
  const snapshots = new SnapshotServer({
    ...namesOf(options, standby),
    tokens,
    authority,
    source: snapshotSource({
      instance,
      trustDomain: authority.trustDomain,
      cache,
      server,
      pods,
      placementOf,
      isServing: () => xds.bound !== undefined,
    }),
    clock,
    log,
  });
  cache.subscribe(({ changed }) => snapshots.touch(changed));
  pods.subscribe((changes) => {
    for (const { key } of changes) snapshots.touchPod(key);
  });
  return snapshots;
}

function namesOf({ xds }: OperatorOptions, { address, names, namespace }: NonNullable<OperatorOptions['standby']>) {
  return { address, names: xds.names, standbyNames: names, namespace };
}
