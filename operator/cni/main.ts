import {
  createLogger,
  createMetricsRegistry,
  HealthServer,
  HttpApi,
  kubeconfigConnection,
  type Logger,
  Manager,
  systemClock,
} from '../framework/index.ts';
import { UsageError } from '../operator-flags-values.ts';
import { DEFAULT_INJECTION, type InjectionSettings } from '../webhooks/injection/settings.ts';
import { CaptureServer } from './capture-server.ts';
import { type CniFlags, cniUsage, parseCniFlags } from './cni-flags.ts';
import { PluginInstaller } from './plugin-installer.ts';
import { capturePod, NETNS_FOLDERS } from './pod-capture.ts';
import { isUninstalled } from './uninstalled.ts';

/** Runs the agent of a node until SIGTERM or SIGINT. */
async function main(args: readonly string[]): Promise<void> {
  const flags = parseCniFlags(args);
  if (flags.help) return void process.stdout.write(cniUsage);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const manager = await compose(flags, createLogger({ level: flags.logLevel }));
  await manager.run(stop.signal);
}

async function compose(flags: CniFlags, log: Logger): Promise<Manager> {
  const clock = systemClock;
  const metrics = createMetricsRegistry();
  const connection = await kubeconfigConnection(flags.kubeconfig === undefined ? {} : { path: flags.kubeconfig });
  const api = new HttpApi(connection, { userAgent: 'dot-kube-cni', clock, logger: log, metrics });
  // The image and all else that only admission needs make no difference to the rules.
  const settings: InjectionSettings = {
    ...DEFAULT_INJECTION,
    proxyImage: '',
    capture: 'cni',
    families: flags.families,
  };
  const installer = new PluginInstaller({
    program: flags.program,
    binDirectory: flags.binDirectory,
    configDirectory: flags.configDirectory,
    settings: { socket: flags.socket, excludeNamespaces: flags.excludeNamespaces },
    isUninstalled: () => isUninstalled(api, { namespace: flags.namespace, name: flags.daemonSet }),
    clock,
    log,
  });
  const server = new CaptureServer({
    socket: flags.socket,
    capture: (request, signal) => capturePod({ api, settings, namespaces: NETNS_FOLDERS, log }, request, signal),
    log,
  });
  const health = new HealthServer({
    port: flags.healthPort,
    host: '127.0.0.1',
    ready: { plugin: () => installer.isInstalled },
    metrics,
    logger: log,
  });
  return new Manager({ clock, logger: log }).add(health, server, installer);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`dot-kube-cni: ${error.message}\n`);
  else createLogger({ stderr: true }).error('the agent ended', { error });
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
