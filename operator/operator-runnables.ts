import { showCertificates } from './controllers/identity/certificate-metrics.ts';
import { RootFollower } from './controllers/identity/root-change.ts';
import { PROXIES_PATH, replicaProxies } from './controllers/proxies/proxies-endpoint.ts';
import { aborted, HealthServer, Manager, type Runnable } from './framework/index.ts';
import { networkPolicyRunnables } from './operator-network-policies.ts';
import type { OperatorParts } from './operator-parts.ts';
import { replicaRunnables } from './operator-replicas.ts';

/** Runs all of an operator: what compiles and serves, and the groups that have files of their own. */
export function createManager(parts: OperatorParts): Manager {
  const { clock, log, election } = parts.options;
  const manager = new Manager({ clock, logger: log, ...(election && { election }) });
  return manager.add(
    ...health(parts, () => manager.isReady),
    ...meshRunnables(parts),
    ...parts.injection.runnables,
    ...replicaRunnables(parts),
    ...(parts.snapshots === undefined ? [] : [parts.snapshots]),
    ...networkPolicyRunnables(parts),
  );
}

function health(
  { informers, options, runningProxies, server }: OperatorParts,
  isReady: () => boolean,
): readonly Runnable[] {
  const { health: address, log: logger, metrics } = options;
  if (address === undefined) return [];
  const synced = Object.values(informers).map((informer) => [informer.name, () => informer.hasSynced] as const);
  const ready = { manager: isReady, ...Object.fromEntries(synced) };
  const local = {
    [PROXIES_PATH]: () => replicaProxies(options.instance, runningProxies(), server.proxies(), server.quarantined()),
  };
  return [
    new HealthServer({
      port: address.port,
      ...(address.host && { host: address.host }),
      ready,
      metrics,
      local,
      logger,
    }),
  ];
}

/** What compiles the mesh, serves its proxies and tells of them. */
function meshRunnables(parts: OperatorParts): readonly Runnable[] {
  const { informers, rootChange, services, statuses, xds } = parts;
  const { authority, clock, log, metrics } = parts.options;
  showCertificates(parts.issuer, metrics);
  const follower = new RootFollower({ authority, clock, log, metrics, ...parts.options.rootChange });
  const controllers = [...statuses.controllers, services.controller];
  return [
    ...Object.values(informers),
    compile(parts),
    xds,
    rootChange,
    follower,
    waitForProxies(parts),
    ...controllers,
  ];
}

function compile({ mesh }: OperatorParts): Runnable {
  return {
    name: 'mesh',
    stage: 'worker',
    run: async (signal) => {
      mesh.markSynced();
      await aborted(signal);
    },
  };
}

function waitForProxies({ returning }: OperatorParts): Runnable {
  return {
    name: 'returning-proxies',
    stage: 'leader',
    run: async (signal) => {
      returning.begin();
      await aborted(signal);
      returning.close();
    },
  };
}
