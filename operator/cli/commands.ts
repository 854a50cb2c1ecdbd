import type { Command } from './command.ts';

/** How a command is found; it is loaded only when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Not in the list of commands. */
  readonly hidden?: boolean;
  readonly load: () => Promise<Command>;
}

/** All commands, in the order in which they are listed. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'run a mesh from a folder of YAML on this machine, without a cluster',
    load: async () => (await import('./commands/up.ts')).up,
  },
  {
    name: 'install',
    summary: 'install or upgrade dot-kube in a cluster',
    load: async () => (await import('./commands/install.ts')).install,
  },
  {
    name: 'uninstall',
    summary: 'take dot-kube out of a cluster, and leave nothing of it',
    load: async () => (await import('./commands/uninstall.ts')).uninstall,
  },
  {
    name: 'check',
    summary: 'check whether a cluster can have dot-kube, or whether all of it is well',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'status',
    summary: 'show whether every policy is in force, and how every proxy stands',
    load: async () => (await import('./commands/status.ts')).status,
  },
  {
    name: 'describe',
    summary: 'show what applies to a pod or a Service, field by field, and who says so',
    load: async () => (await import('./commands/describe.ts')).describe,
  },
  {
    name: 'proxy-status',
    summary: 'show whether every proxy of a cluster has what it is to have',
    load: async () => (await import('./commands/proxy-status.ts')).proxyStatus,
  },
  {
    name: 'proxy-config',
    summary: 'show what the proxy of a pod has, and which objects it comes from',
    load: async () => (await import('./commands/proxy-config.ts')).proxyConfig,
  },
  {
    name: 'validate',
    summary: 'check files offline, as the API server would, with line and column',
    load: async () => (await import('./commands/validate.ts')).validate,
  },
  {
    name: 'inject',
    summary: 'give the pods of the workloads in files proxies, as a cluster does',
    load: async () => (await import('./commands/inject.ts')).inject,
  },
  {
    name: 'uninject',
    summary: 'take the proxies away that inject has given',
    load: async () => (await import('./commands/uninject.ts')).uninject,
  },
  {
    name: 'demo',
    summary: 'run the bookstore of the repository, or check all that it shows',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'version',
    summary: 'print the version',
    load: async () => (await import('./commands/version.ts')).version,
  },
];
