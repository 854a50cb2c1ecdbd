import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import {
  addressEndpointResource,
  endpointResource,
  type EnvoyResource,
  explicitListeners,
  type HeadlessPort,
  headlessTcpResources,
  meshResources,
  type ProxyPlacement,
  serviceResources,
  sortResources,
  workloadResources,
  workloadRoutes,
} from '@dot-kube/proxy/envoy';
import type { Cluster, EndpointSet, Locality, MeshSettings, Service, Workload } from '@dot-kube/proxy/model';
import { stringify } from 'yaml';
import { registry } from '../../../proxy/envoy/proto/index.ts';
import { matchGolden } from '../../tools/golden.ts';

/** A part of a mesh, whatever is given of it, as JSON. */
interface Model {
  readonly settings: MeshSettings;
  readonly services?: readonly Service[];
  readonly endpoints?: readonly EndpointSet[];
  /** Where the client of the endpoints is. */
  readonly client?: Locality;
  readonly workload?: Workload;
  /** Without it, the workload's connections are redirected. */
  readonly placement?: ProxyPlacement;
  /** Whether what every proxy has is part of it; with the headless Services. */
  readonly mesh?: boolean;
}

const FOLDER = import.meta.dirname;
const environment = process.env['UPDATE_GOLDEN'] === '1' ? { DOT_KUBE_GOLDEN: 'update' } : process.env;
const cases = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe('a model becomes these resources of Envoy', () => {
  for (const { name } of cases) {
    test(name.replaceAll('-', ' '), () => {
      const model = JSON.parse(readFileSync(join(FOLDER, name, 'model.json'), 'utf8')) as Model;
      matchGolden(join(FOLDER, name, 'envoy.yaml'), printed(compile(model)), environment);
    });
  }
});

function compile(model: Model): readonly EnvoyResource[] {
  const { settings, services = [], workload, placement } = model;
  const clusters = new Map(services.flatMap(clustersOf).map((cluster) => [cluster.name, cluster]));
  return sortResources([
    ...(model.mesh ? meshResources(settings, services.flatMap(headlessPorts)) : []),
    ...services.flatMap((service) => serviceResources(service, (name) => clusters.get(name))),
    ...endpoints(model, clusters),
    ...(workload === undefined
      ? []
      : placement === undefined
        ? workloadResources(workload, settings)
        : [...workloadRoutes(workload), ...explicitListeners(placement, workload, settings)]),
  ]);
}

function endpoints(
  { services = [], endpoints: sets = [], client }: Model,
  clusters: ReadonlyMap<string, Cluster>,
): readonly EnvoyResource[] {
  const byName = new Map(sets.map((set) => [set.cluster, set]));
  const ports = services.flatMap((service) => service.ports);
  return [
    ...sets.flatMap((set) => {
      const cluster = clusters.get(set.cluster);
      if (cluster === undefined) return [];
      const bytes = cluster.headless && cluster.protocol === 'tcp';
      return bytes ? headlessTcpResources(cluster, set) : [endpointResource(set, cluster, client)];
    }),
    ...ports
      .filter((port) => port.tcp.some(({ cluster }) => byName.has(cluster)))
      .flatMap((port) => port.addresses.map((address) => addressEndpointResource(address, port, byName, client))),
  ];
}

function clustersOf({ ports }: Service): readonly Cluster[] {
  return ports.flatMap((port) => port.clusters);
}

function headlessPorts({ ref, ports, causes }: Service): readonly HeadlessPort[] {
  return ports.filter((port) => (port.headless || port.external) && port.protocol !== 'tcp').map((port) => ({ service: ref, port, causes }));
}

/** YAML as it stands in Envoy's documentation, with what the control plane knows beside it. */
function printed(resources: readonly EnvoyResource[]): string {
  return resources
    .map(({ type, name, schema, message, refs, causes }) =>
      stringify(
        {
          type: type.slice(type.lastIndexOf('.') + 1),
          name,
          ...(refs.length === 0 ? {} : { refs: refs.map((ref) => `${ref.type.slice(ref.type.lastIndexOf('.') + 1)} ${ref.name}`) }),
          ...(causes.length === 0 ? {} : { causes }),
          resource: abridged(toJson(schema, message, { registry: registry(), useProtoFieldName: true })),
        },
        { lineWidth: 0, aliasDuplicateObjects: false },
      ),
    )
    .join('---\n');
}

/** Without the fields of the access log, which are the same everywhere and have a test of their own. */
function abridged(json: JsonValue): JsonValue {
  if (Array.isArray(json)) return json.map(abridged);
  if (json === null || typeof json !== 'object') return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, key === 'json_format' ? '(see access-log.ts)' : abridged(value)]),
  );
}
