import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { Operator } from './operator.ts';
import { serverNames } from './operator-flags-injection.ts';
import { type OperatorFlags, operatorUsage, parseOperatorFlags, UsageError } from './operator-flags.ts';
import {
  type Api,
  type Connection,
  createLogger,
  createMetricsRegistry,
  fencedApi,
  HttpApi,
  kubeconfigConnection,
  LeaderElection,
  type Logger,
  systemClock,
} from './framework/index.ts';
import { watchEventLoop } from './framework/event-loop-metric.ts';
import { ApiTokenReviewer, keepTrustBundleFile } from './identity/index.ts';
import { collectWhileIdle } from './idle-collection.ts';
import { openAuthority } from './operator-authority.ts';
import type { InjectionOptions } from './operator-options.ts';
import { discoverServiceCidrs } from './service-cidrs.ts';
import { parseStandbyFlags, standbyUsage } from './standby-flags.ts';
import { runStandby } from './standby-main.ts';

/** Proxies try again after at most 10 s, and then connect. */
const RETURN_MS = 15_000;

/** For the last lines of the log. */
const END_MS = 2000;

/** Runs the operator against a cluster until SIGTERM or SIGINT. */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--standby')) return await mainOfStandby(args);
  const flags = parseOperatorFlags(args);
  if (flags.help) return void process.stdout.write(operatorUsage);
  const log = createLogger({ level: flags.logLevel, format: flags.logFormat });
  const stop = untilSignalled();
  collectWhileIdle(systemClock, log, stop);
  const operator = await compose(flags, log, stop);
  await operator?.run(stop);
  endSoon();
}

/** The same for a standby, which has no right to write and no authority. */
async function mainOfStandby(args: readonly string[]): Promise<void> {
  const flags = parseStandbyFlags(args);
  if (flags.help) return void process.stdout.write(standbyUsage);
  const log = createLogger({ level: flags.logLevel, format: flags.logFormat });
  const stop = untilSignalled();
  collectWhileIdle(systemClock, log, stop);
  const metrics = createMetricsRegistry();
  watchEventLoop(metrics);
  const userAgent = `dot-kube-standby (${hostname()})`;
  const api = new HttpApi(await connectionOf(flags), { userAgent, clock: systemClock, logger: log, metrics });
  await runStandby({ flags, api, metrics, clock: systemClock, log }, stop);
  endSoon();
}

/** Aborts at SIGTERM or SIGINT. */
function untilSignalled(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

/** Everything is closed; what of it still holds the process must not hold up whoever waits for its end. */
function endSoon(): void {
  setTimeout(() => process.exit(), END_MS).unref();
}

/** Everything is constructed here, from top to bottom; nothing when the signal aborts first. */
async function compose(flags: OperatorFlags, log: Logger, signal: AbortSignal): Promise<Operator | undefined> {
  const clock = systemClock;
  const metrics = createMetricsRegistry();
  watchEventLoop(metrics);
  const instance = `${hostname()}_${randomUUID().slice(0, 8)}`;
  // The API server's audit log then tells replicas apart, which are one user.
  const userAgent = `dot-kube-operator (${instance})`;
  const http = new HttpApi(await connectionOf(flags), { userAgent, clock, logger: log, metrics });
  const serviceCidrs =
    flags.serviceCidrs.length > 0 ? flags.serviceCidrs : await discoverServiceCidrs({ api: http, clock, log, signal });
  if (signal.aborted) return undefined;
  if (serviceCidrs.length === 0)
    throw new UsageError('the cluster does not say where its Service addresses are from: give --service-cidr');
  const lease = { namespace: flags.namespace, name: 'dot-kube-operator' };
  const election = flags.leaderElection
    ? new LeaderElection({ api: http, lease, identity: instance, ...leaseTimes(flags), clock, logger: log, metrics })
    : undefined;
  // What only the leader may write goes through a client that stops writing when its right has lapsed.
  const api: Api = election === undefined ? http : fencedApi(http, () => election.leadership);
  const authority = await openAuthority({ api: http, flags, clock, log, signal });
  if (authority === undefined) return undefined;
  if (flags.trustBundleFile !== undefined) await keepTrustBundleFile(flags.trustBundleFile, authority, log);
  return new Operator({
    api,
    isCluster: true,
    settings: {
      trustDomain: flags.trustDomain,
      clusterDomain: flags.clusterDomain,
      serviceCidrs,
      ...(flags.injection === undefined ? {} : { families: flags.injection.settings.families }),
    },
    capture: flags.capture,
    authority,
    tokens: new ApiTokenReviewer({ api: http, clock }),
    xds: {
      address: flags.xdsAddress,
      names: flags.xdsNames,
      ...(flags.plaintextXds === undefined ? {} : { plaintext: flags.plaintextXds }),
    },
    health: flags.healthAddress,
    ...injectionOf(flags),
    ...(election && { election, replicas: replicasOf(flags) }),
    ...standbyOf(flags),
    instance,
    returnMs: RETURN_MS,
    rootChange: rootChangeTimes(flags),
    clock,
    log,
    metrics,
  });
}

function injectionOf({ injection, standbyService, xdsService }: OperatorFlags): {
  readonly injection?: InjectionOptions;
} {
  if (injection === undefined) return {};
  const { by, settings, webhook } = injection;
  const controlPlane = reachedAt(xdsService);
  const standby = standbyService === undefined ? {} : { standby: reachedAt(standbyService) };
  return { injection: { settings, controlPlane, ...standby, ...(by === 'webhook' ? { webhook } : {}) } };
}

function reachedAt(service: OperatorFlags['xdsService']): InjectionOptions['controlPlane'] {
  const kind = isIP(service.host) === 0 ? ('dns' as const) : ('ip' as const);
  return { addresses: [service], serverNames: [{ kind, value: service.host }] };
}

function replicasOf(flags: OperatorFlags) {
  const { namespace, replicasAddress: address, replicasService: service, replicaPeers: peers } = flags;
  return { namespace, address, service, peers, lapseMs: flags.leaseDuration * 1000 };
}

function standbyOf({ namespace, standbyAddress: address, standbyService: service }: OperatorFlags) {
  if (service === undefined) return {};
  return { standby: { address, namespace, names: serverNames([service.host]) } };
}

/** In the proportions of client-go: 15, 10 and 2 seconds. */
function leaseTimes(flags: OperatorFlags) {
  const leaseDuration = flags.leaseDuration * 1000;
  return { leaseDuration, renewDeadline: (leaseDuration * 2) / 3, retryPeriod: (leaseDuration * 2) / 15 };
}

/** Looked at often enough for a change that somebody wants to be quick. */
function rootChangeTimes({ rootChangeHold }: OperatorFlags) {
  const holdMs = rootChangeHold * 1000;
  return { holdMs, checkMs: Math.min(holdMs / 4, 10_000) };
}

async function connectionOf({ kubeconfig }: Pick<OperatorFlags, 'kubeconfig'>): Promise<Connection> {
  try {
    return await kubeconfigConnection(kubeconfig === undefined ? {} : { path: kubeconfig });
  } catch (cause) {
    const words = [cause, cause instanceof Error ? cause.cause : undefined].filter((each) => each instanceof Error);
    throw new UsageError(words.map(({ message }) => message).join(': '), { cause });
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`dot-kube-operator: ${error.message}\n`);
  else createLogger({ stderr: true }).error('the operator ended', { error });
  process.exitCode = error instanceof UsageError ? 2 : 1;
  endSoon();
}
