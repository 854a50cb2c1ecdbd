import { ResourceCache, typeUrls } from '@dot-kube/proxy/xds';
import { MeshController } from '../../../operator/controllers/mesh/mesh-controller.ts';
import { createMeshGraph, trackedObject } from '../../../operator/controllers/mesh/mesh-graph.ts';
import type { Pod } from '../../../operator/api/index.ts';
import { classKeyOf, COLLECTIONS, SETTINGS } from '../../../operator/build/index.ts';
import type { ObjectChange } from '../../../operator/framework/derive/index.ts';
import {
  type Api,
  type Change,
  type Clock,
  compareResourceVersions,
  createMetricsRegistry,
  Informer,
  keyOfObject,
  type KubernetesObject,
  type MetricsRegistry,
  type ResourceKind,
  silentLogger,
} from '../../../operator/framework/index.ts';
import type { Truth } from './truth.ts';

const MESH = { trustDomain: 'cluster.local', clusterDomain: 'cluster.local', serviceCidrs: ['10.96.0.0/16'] };

/** What the operator is from its informers to what is pushed to proxies, and what may not happen to it. */
export class Follower {
  readonly informers: readonly Informer[];
  readonly cache = new ResourceCache();
  readonly metrics: MetricsRegistry;
  /** What was seen that must never be; empty if all is well. */
  readonly wrong: string[] = [];
  readonly #truth: Truth;
  readonly #mesh: MeshController | undefined;
  readonly #versions = new Map<string, string>();
  /** Of all pods that there ever were. */
  readonly #classes = new Set<string>();
  #steady: string | undefined;

  constructor(options: {
    readonly api: Api;
    readonly kinds: readonly ResourceKind[];
    readonly truth: Truth;
    readonly clock: Clock;
    readonly random: () => number;
    readonly pageSize: number;
    /** Whether it compiles and pushes what it has, too. */
    readonly pushes: boolean;
  }) {
    const { kinds, truth, pageSize, pushes, ...watch } = options;
    this.#truth = truth;
    this.metrics = createMetricsRegistry();
    this.#mesh = pushes ? meshInto(this.cache) : undefined;
    this.informers = kinds.map((kind) => {
      const timings = { pageSize };
      const informer = new Informer({ ...watch, timings, kind, metrics: this.metrics, neverEmpty: true });
      informer.store.subscribe((changes) => {
        for (const change of changes) this.#check(change);
        if (informer.store.size === 0) this.wrong.push(`the store of ${kind.plural} became empty`);
        this.#mesh?.take(changesOf(changes));
      });
      return informer;
    });
  }

  /** Follows until the signal aborts; resolves when everything was listed once and compiled. */
  async start(signal: AbortSignal): Promise<{ readonly ended: Promise<unknown> }> {
    const ended = Promise.all(this.informers.map((informer) => informer.run(signal)));
    await Promise.all(this.informers.map((informer) => informer.started()));
    if (this.#mesh === undefined) return { ended };
    this.#mesh.markSynced();
    this.#steady = this.#steadyEndpoints();
    if (this.#steady === undefined) throw new Error('the endpoints of shop/steady are not there at the start');
    this.cache.subscribe(() => {
      const now = this.#steadyEndpoints();
      if (now !== this.#steady) this.wrong.push(`the endpoints of shop/steady, which never change, became ${now}`);
    });
    return { ended };
  }

  /** What is different from the truth; undefined: nothing. */
  difference(truth: ReadonlyMap<ResourceKind, readonly KubernetesObject[]>): string | undefined {
    for (const [index, [kind, objects]] of [...truth].entries()) {
      const is = statesOf(this.informers[index]?.store.list() ?? []);
      const wanted = statesOf(objects);
      if (is !== wanted) return `the store of ${kind.plural} has ${is}, not ${wanted}`;
    }
    if (this.#mesh === undefined) return undefined;
    this.#mesh.flush();
    const fresh = new ResourceCache();
    const mesh = meshInto(fresh);
    for (const objects of truth.values()) mesh.take(objects.map(arrival));
    mesh.markSynced();
    const layers = ['mesh', ...[...this.#classes].map((key) => `class/${key}`)];
    const [pushed, wanted] = [resourcesOf(this.cache, layers), resourcesOf(fresh, layers)];
    return pushed === wanted ? undefined : `what is pushed is ${pushed}, not ${wanted}`;
  }

  #steadyEndpoints(): string | undefined {
    return this.cache.entry({ layer: 'mesh', type: typeUrls.endpoints, name: 'shop/steady:80' })?.version;
  }

  #check(change: Change): void {
    const id = `${(change.kind === 'upsert' ? change.new : change.old).kind}/${change.key}`;
    if (change.kind === 'remove') {
      if (!this.#truth.wasDeleted(change.old)) this.wrong.push(`${id} was removed though nobody deleted it`);
      return;
    }
    if (!this.#truth.wasSo(change.new)) this.wrong.push(`${id} never was as it is stored`);
    if (change.new.kind === 'Pod') this.#classes.add(classKeyOf(change.new as Pod));
    const version = change.new.metadata.resourceVersion ?? '';
    const last = this.#versions.get(id);
    if (last !== undefined && compareResourceVersions(version, last) !== 1)
      this.wrong.push(`${id} went from version ${last} back to ${version}`);
    this.#versions.set(id, version);
  }
}

function meshInto(cache: ResourceCache): MeshController {
  const graph = createMeshGraph('redirect');
  const mesh = new MeshController({
    graph: graph.graph,
    cache,
    placed: graph.placed,
    tracked: trackedObject,
    log: silentLogger,
  });
  mesh.take([{ collection: SETTINGS, key: 'mesh', object: MESH }] as readonly ObjectChange[]);
  return mesh;
}

function collectionOf(kind: string): ObjectChange['collection'] {
  const found = COLLECTIONS.find(({ name }) => name === kind);
  if (found === undefined) throw new Error(`no collection of ${kind}`);
  return found;
}

function arrival(object: KubernetesObject): ObjectChange {
  return { collection: collectionOf(object.kind), key: keyOfObject(object), object };
}

function changesOf(changes: readonly Change[]): readonly ObjectChange[] {
  return changes.map((change) =>
    change.kind === 'upsert' ? arrival(change.new) : { collection: collectionOf(change.old.kind), key: change.key },
  );
}

function statesOf(objects: readonly KubernetesObject[]): string {
  return objects
    .map((object) => `${keyOfObject(object)}@${object.metadata.resourceVersion}`)
    .sort()
    .join(' ');
}

/** Every entry of the layers, with the hash of its bytes. */
function resourcesOf(cache: ResourceCache, layers: readonly string[]): string {
  return layers
    .flatMap((layer) => [...cache.entries(layer)].map(({ key, version }) => `${key.replaceAll('\n', ' ')}=${version}`))
    .sort()
    .join('; ');
}
