/** How to run Envoy beside its bootstrap. */
export interface EnvoyArgsOptions {
  /** Path of the bootstrap file, `.json`. */
  readonly configPath: string;
  /** JSON that is merged over the file: lists are appended. Default: nothing. */
  readonly configOverlay?: string;
  /** The node, instead of the one in the file. */
  readonly node?: { readonly id: string; readonly cluster: string };
  /** Worker threads. Default: 1; a proxy of one pod rarely needs more. */
  readonly concurrency?: number;
  /** Default: `warning`. */
  readonly logLevel?: 'trace' | 'debug' | 'info' | 'warning' | 'error' | 'critical' | 'off';
  /** Levels of single components, as in `upstream:debug,config:trace`. Default: none. */
  readonly componentLogLevels?: string;
  /** Where Envoy writes the admin address, for an admin port of 0. Default: nowhere. */
  readonly adminAddressPath?: string;
  /**
   * How long open connections of a replaced listener or filter chain are let run, seconds. Default: 1, so that a change
   * of what is allowed binds open connections too; it is a second until they are closed, not a time for requests to end.
   */
  readonly drainSeconds?: number;
  /** How long access log lines are held back to be written together, milliseconds. Default: 1,000. */
  readonly logFlushMs?: number;
}

/**
 * Command line arguments of Envoy. Hot restart is off: it shares memory between the Envoys of a machine and a proxy that
 * is replaced has nothing to hand over.
 */
export function envoyArgs(options: EnvoyArgsOptions): readonly string[] {
  const { adminAddressPath, componentLogLevels, concurrency = 1, configOverlay, drainSeconds = 1, node } = options;
  return [
    '--config-path',
    options.configPath,
    ...(configOverlay === undefined ? [] : ['--config-yaml', configOverlay]),
    ...(node === undefined ? [] : ['--service-node', node.id, '--service-cluster', node.cluster]),
    '--concurrency',
    String(concurrency),
    '--log-level',
    options.logLevel ?? 'warning',
    ...(componentLogLevels === undefined ? [] : ['--component-log-level', componentLogLevels]),
    '--drain-time-s',
    String(drainSeconds),
    '--drain-strategy',
    'immediate',
    '--file-flush-interval-msec',
    String(options.logFlushMs ?? 1000),
    '--disable-hot-restart',
    ...(adminAddressPath === undefined ? [] : ['--admin-address-path', adminAddressPath]),
  ];
}
