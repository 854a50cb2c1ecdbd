import { setTimeout as delay } from 'node:timers/promises';
import { emptyResource, identitySecret, rootsSecret } from '@dot-kube/proxy/envoy';
import { type EntryRef, type Rejection, XdsServer } from '@dot-kube/proxy/xds';
import { layers } from '../../../operator/controllers/mesh/entry.ts';
import { encoded } from '../../../operator/controllers/mesh/place.ts';
import type { KubernetesObject } from '../../../operator/framework/index.ts';
import { certificate } from '../../../proxy/xds/testing/certificates.ts';
import { startMeshEnvoy } from '../../integration/xds/mesh-in-miniature.ts';
import type { EnvoyProcess } from '../../tools/envoy-process.ts';
import { Compiler, EagerCache, LOCALITY } from './compiler.ts';

/** What a real Envoy made of a set of objects. */
export interface Verdict {
  /** Resources that it was given, with those of each class of proxies. */
  readonly resources: number;
  readonly classes: number;
  readonly rejected: readonly Pick<Rejection, 'type' | 'name' | 'error'>[];
  /** What it had not acknowledged in time. */
  readonly silent: readonly string[];
}

const PATIENCE_MS = 20_000;
const IDENTITY = { certificateChain: certificate.cert, privateKey: certificate.key };

/** A real Envoy that gets everything that sets of objects come to, and says what it thinks of it. */
export class EnvoyJudge implements AsyncDisposable {
  readonly #server: XdsServer;
  readonly #envoy: EnvoyProcess;
  readonly #compiler: Compiler;
  readonly #rejected: Rejection[];
  #objects: readonly KubernetesObject[] = [];

  private constructor(server: XdsServer, envoy: EnvoyProcess, compiler: Compiler, rejected: Rejection[]) {
    this.#server = server;
    this.#envoy = envoy;
    this.#compiler = compiler;
    this.#rejected = rejected;
  }

  /** Listens and lets Envoy listen on ports of this network namespace: 15001, 15006 and more. */
  static async start(): Promise<EnvoyJudge> {
    const cache = new EagerCache();
    const compiler = new Compiler(cache);
    cache.update([
      {
        layer: layers.mesh,
        upsert: [identitySecret(IDENTITY), rootsSecret(certificate.cert)].map(encoded),
        remove: [],
      },
    ]);
    const rejected: Rejection[] = [];
    const server = new XdsServer({
      cache,
      authenticate: async () => ({ proxyId: 'judge', layers: layersWith() }),
      isEagerLayer: () => true,
      emptyResource: (type, name) => {
        const made = emptyResource(type, name);
        return made === undefined ? undefined : encoded(made);
      },
      observer: {
        nacked: ({ type, names, error }) => {
          for (const name of names) rejected.push({ layer: '', type, name, version: '', proxy: 'judge', error });
        },
      },
      waits: { warmUp: 500, removal: 500, reconnect: 0, canary: 50 },
    });
    const { port } = await server.listenPlaintextOnLoopback({ port: 0 });
    const envoy = await startMeshEnvoy(port, 'judge', 'admin');
    for (let tries = 0; tries < 1000 && server.connection('judge') === undefined; tries++) await delay(10);
    return new EnvoyJudge(server, envoy, compiler, rejected);
  }

  /** Gives it these objects instead of those before, as each class of proxies in turn. */
  async judge(objects: readonly KubernetesObject[]): Promise<Verdict> {
    this.#rejected.length = 0;
    this.#compiler.update(objects, this.#objects);
    this.#objects = objects;
    const silent: string[] = [];
    let resources = 0;
    const classes = this.#compiler.layers.filter(
      (layer) => layer.startsWith('class/') && this.#compiler.entries(layer).length > 0,
    );
    for (const layer of classes.length === 0 ? [undefined] : classes) {
      const wanted = layersWith(layer);
      const connection = this.#server.connection('judge');
      if (connection === undefined) throw new Error(`Envoy is gone: ${this.#envoy.logs().slice(-2000)}`);
      connection.setLayers(wanted);
      const entries = wanted.flatMap((each) => this.#compiler.entries(each));
      resources += entries.length;
      silent.push(...(await this.#acknowledged(entries)));
    }
    return { resources, classes: classes.length, rejected: [...this.#rejected], silent };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#envoy.stop();
    await this.#server.close();
  }

  /** Waits until Envoy has answered all; answers what it has not taken. */
  async #acknowledged(entries: readonly EntryRef[]): Promise<readonly string[]> {
    for (const end = performance.now() + PATIENCE_MS; ; await delay(2)) {
      const open = entries.filter((entry) => this.#isOpen(entry));
      if (open.length === 0) return [];
      const isRefused = this.#rejected.length > 0 && performance.now() > end - PATIENCE_MS + 3000;
      if (isRefused || performance.now() > end)
        return open.map(({ type, name }) => `${type.split('.').at(-1)} ${name}`);
    }
  }

  #isOpen(entry: EntryRef): boolean {
    if (!this.#server.uses('judge', entry)) return false;
    const revision = this.#compiler.cache.revisionOf(entry) ?? 0;
    return this.#server.ackedRevision('judge', entry) < revision;
  }
}

function layersWith(layer?: string): readonly string[] {
  const common = [layers.mesh, layers.zone(LOCALITY.region, LOCALITY.zone)];
  return layer === undefined ? common : [...common, layer];
}
