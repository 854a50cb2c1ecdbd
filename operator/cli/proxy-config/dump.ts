import { fieldOf, isJsonObject } from '../../framework/api/json.ts';
import { askedFor, objectOf } from './object-of.ts';

/** Envoy's `/config_dump?include_eds`, as JSON (envoy.admin.v3.ConfigDump). */
export interface ConfigDump {
  readonly configs?: readonly unknown[];
}

/** The parts of a dump that can be asked for. */
export const SECTIONS = ['listeners', 'routes', 'clusters', 'endpoints', 'secrets'] as const;
export type Section = (typeof SECTIONS)[number];

/** The messages of the dump with each section, and the lists of resources inside; one may be absent. */
const PARTS: Readonly<
  Record<Section, readonly (readonly [dump: string, lists: readonly string[], resource: string])[]>
> = {
  listeners: [['ListenersConfigDump', ['static_listeners', 'dynamic_listeners'], 'listener']],
  routes: [['RoutesConfigDump', ['static_route_configs', 'dynamic_route_configs'], 'route_config']],
  clusters: [
    ['ClustersConfigDump', ['static_clusters', 'dynamic_active_clusters', 'dynamic_warming_clusters'], 'cluster'],
  ],
  endpoints: [['EndpointsConfigDump', ['static_endpoint_configs', 'dynamic_endpoint_configs'], 'endpoint_config']],
  secrets: [['SecretsConfigDump', ['static_secrets', 'dynamic_active_secrets', 'dynamic_warming_secrets'], 'secret']],
};

/** A resource as Envoy has it. */
export interface Resource {
  readonly name: string;
  /** The Kubernetes object that it is made from: `Service shop/reviews`; absent for what belongs to the proxy itself. */
  readonly object?: string;
  /** Of its content, as the control plane sent it; absent for what is from the start-up configuration. */
  readonly version?: string;
  /** What Envoy said when it refused a later version. */
  readonly error?: string;
  readonly config: unknown;
}

/** The resources of a section, by name, without what is secret. */
export function resourcesOf(dump: ConfigDump, section: Section): readonly Resource[] {
  const services = new Map(entriesOf(dump, 'clusters').map(({ config, name }) => [name, askedFor(config)]));
  return entriesOf(dump, section)
    .map((resource) => {
      const object = objectOf(resource.name) ?? services.get(resource.name);
      return object === undefined ? resource : { ...resource, object };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function entriesOf(dump: ConfigDump, section: Section): readonly Resource[] {
  return PARTS[section].flatMap(([message, lists, field]) =>
    (dump.configs ?? [])
      .filter((part) => String(fieldOf(part, '@type')).endsWith(`.${message}`))
      .flatMap((part) => lists.flatMap((list) => listAt(part, list)))
      .flatMap((entry) => resourceOf(entry, field) ?? []),
  );
}

function resourceOf(entry: unknown, field: string): Resource | undefined {
  // A listener stands in the state that it is in.
  const state = fieldOf(entry, 'active_state') ?? fieldOf(entry, 'warming_state') ?? entry;
  const config = redacted(fieldOf(state, field));
  if (config === undefined) return undefined;
  const name = fieldOf(config, 'name') ?? fieldOf(config, 'cluster_name') ?? fieldOf(entry, 'name');
  const [version, error] = [fieldOf(state, 'version_info'), fieldOf(fieldOf(entry, 'error_state'), 'details')];
  return {
    name: typeof name === 'string' ? name : '',
    ...(typeof version === 'string' && version !== '' ? { version } : {}),
    ...(typeof error === 'string' ? { error } : {}),
    config,
  };
}

/** Fields whose content is nobody's business. Envoy leaves them out itself; this does not depend on it. */
const SECRET = new Set(['private_key', 'private_key_provider', 'password', 'generic_secret', 'session_ticket_keys']);

/** A JSON value without what is secret in it. */
export function redacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redacted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, SECRET.has(name) ? '[redacted]' : redacted(field)]),
  );
}

/** The list at a field, empty where there is none. */
export function listAt(object: unknown, name: string): readonly unknown[] {
  const list = fieldOf(object, name);
  return Array.isArray(list) ? list : [];
}

/** The text at a path. */
export function textAt(object: unknown, ...path: readonly string[]): string {
  const value = path.reduce<unknown>((inner, name) => fieldOf(inner, name), object);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
