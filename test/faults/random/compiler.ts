import { fromBinary } from '@bufbuild/protobuf';
import { create, encode, ScopedRouteConfigurationSchema } from '@dot-kube/proxy/envoy/proto';
import {
  type EncodedResource,
  encodeResource,
  type EntryRef,
  type LayerUpdate,
  ResourceCache,
  typeUrls,
} from '@dot-kube/proxy/xds';
import { COLLECTIONS, SETTINGS } from '../../../operator/build/index.ts';
import { LOCALITIES, localityKey } from '../../../operator/controllers/mesh/localities.ts';
import { MeshController } from '../../../operator/controllers/mesh/mesh-controller.ts';
import { createMeshGraph, trackedObject } from '../../../operator/controllers/mesh/mesh-graph.ts';
import type { ObjectChange } from '../../../operator/framework/derive/index.ts';
import { keyOfObject, type KubernetesObject, silentLogger } from '../../../operator/framework/index.ts';
import { DeltaDiscoveryResponseSchema } from '../../../proxy/envoy/proto/generated/envoy/service/discovery/v3/discovery_pb.js';

const SETTINGS_OF_MESH = {
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
  serviceCidrs: ['10.96.0.0/16', 'fd00:96::/64'],
};

/** Where callers are, for endpoints in the order of preference. */
export const LOCALITY = { region: 'eu', zone: 'z1', subZone: '' };

/** What an operator is between its informers and its xDS server: objects in, encoded resources out. */
export class Compiler {
  readonly cache: ResourceCache;
  readonly #mesh: MeshController;
  readonly #layers = new Set<string>();

  constructor(cache: ResourceCache = new ResourceCache()) {
    this.cache = cache;
    cache.subscribe(({ changed }) => {
      for (const { layer } of changed) this.#layers.add(layer);
    });
    const graph = createMeshGraph('redirect');
    this.#mesh = new MeshController({
      graph: graph.graph,
      cache,
      placed: graph.placed,
      tracked: trackedObject,
      log: silentLogger,
    });
    this.#mesh.take([
      { collection: SETTINGS, key: 'mesh', object: SETTINGS_OF_MESH },
      { collection: LOCALITIES, key: localityKey(LOCALITY), object: LOCALITY },
    ] as readonly ObjectChange[]);
    this.#mesh.markSynced();
  }

  /** All layers that ever held anything. */
  get layers(): readonly string[] {
    return [...this.#layers].sort();
  }

  /** Takes objects in, and others out, as one. */
  update(arrived: readonly KubernetesObject[], departed: readonly KubernetesObject[] = []): void {
    const gone = departed.map((object) => ({ collection: collectionOf(object), key: keyOfObject(object) }));
    const here = arrived.map((object) => ({ collection: collectionOf(object), key: keyOfObject(object), object }));
    this.#mesh.take([...gone, ...here]);
    this.#mesh.flush();
  }

  /** Every resource with its place and all of its bytes, sorted. */
  resources(): readonly string[] {
    return this.layers
      .flatMap((layer) => [...this.cache.entries(layer)])
      .map(({ key, resource }) => `${key}\n${Buffer.from(resource.frame).toString('base64')}`)
      .sort();
  }

  /** Where everything of a layer is. */
  entries(layer: string): readonly EntryRef[] {
    return [...this.cache.entries(layer)];
  }
}

function collectionOf({ kind }: KubernetesObject): ObjectChange['collection'] {
  const found = COLLECTIONS.find(({ name }) => name === kind);
  if (found === undefined) throw new Error(`no collection of ${kind}`);
  return found;
}

/** A cache whose routes are read at once, and not only when somebody calls. */
export class EagerCache extends ResourceCache {
  override update(updates: readonly LayerUpdate[]): number {
    return super.update(updates.map((update) => ({ ...update, upsert: update.upsert.map(eager) })));
  }
}

function eager(resource: EncodedResource): EncodedResource {
  if (resource.type !== typeUrls.scopedRoute) return resource;
  const [wrapped] = fromBinary(DeltaDiscoveryResponseSchema, resource.frame).resources;
  const scope = fromBinary(ScopedRouteConfigurationSchema, wrapped?.resource?.value ?? new Uint8Array());
  const bytes = encode(
    ScopedRouteConfigurationSchema,
    create(ScopedRouteConfigurationSchema, { ...scope, onDemand: false }),
  );
  return encodeResource(resource.type, resource.name, bytes, resource.refs, resource.causes);
}
