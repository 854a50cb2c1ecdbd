/** A list of CNI plugins as it is on a node's disk: https://www.cni.dev/docs/spec/#configuration-format. */
export interface ConfigurationList {
  readonly cniVersion?: string;
  readonly name?: string;
  readonly plugins: readonly PluginEntry[];
  readonly [field: string]: unknown;
}

/** One plugin of the list. */
export interface PluginEntry {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The name of our plugin, which is that of its program too. */
export const PLUGIN = 'dot-kube-cni';

/** What our plugin is given. */
export interface PluginSettings {
  /** Where the agent listens, on the host. */
  readonly socket: string;
  /** Namespaces whose pods start without asking the agent. */
  readonly excludeNamespaces: readonly string[];
}

/** The first configuration of the folder's files by name, which is the one that container runtimes take. */
export function activeFile(names: readonly string[]): string | undefined {
  return names.filter((name) => /\.(?:conflist|conf|json)$/.test(name)).toSorted()[0];
}

/** What is in the file. Throws with what is wrong: a single plugin, too, as nothing can be chained to it where it is. */
export function parseConfiguration(text: string): ConfigurationList {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('it is no JSON object');
  if (!('plugins' in value) || !Array.isArray(value.plugins))
    throw new TypeError('it is one plugin and no list, to which nothing can be chained: make it a .conflist');
  return value as ConfigurationList;
}

/** The list with our plugin last, once. */
export function withPlugin(list: ConfigurationList, settings: PluginSettings): ConfigurationList {
  const { excludeNamespaces, socket } = settings;
  const own: PluginEntry = { type: PLUGIN, socket, excludeNamespaces: excludeNamespaces.toSorted() };
  return { ...list, plugins: [...withoutPlugin(list).plugins, own] };
}

/** The list without our plugin. */
export function withoutPlugin(list: ConfigurationList): ConfigurationList {
  return { ...list, plugins: list.plugins.filter(({ type }) => type !== PLUGIN) };
}

/** Whether the list has it with these settings, in its place. */
export function hasPlugin(list: ConfigurationList, settings: PluginSettings): boolean {
  return JSON.stringify(list.plugins) === JSON.stringify(withPlugin(list, settings).plugins);
}
