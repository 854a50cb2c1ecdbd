import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findOnPath } from '../../../operator/local/tools/executable.ts';
import { HttpApi, kubeconfigConnection, resourceKind } from '../../../operator/framework/index.ts';
import type { Kubectl } from '../../cluster/kubectl.ts';
import { type NodeCluster, nodeCluster } from '../../cluster/node-cluster.ts';
import { kubeBinaries } from '../../tools/kube-binaries.ts';
import { portForward } from './port-forward.ts';

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, '../../..');

const POD = resourceKind('v1', 'Pod');

/** The images that `npm run images` makes. */
export const IMAGES = ['operator', 'proxy', 'bookstore'] as const;

/** See {@link IMAGES}. */
export type Image = (typeof IMAGES)[number];

/** A pod, as far as the tests look at it. */
export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly initContainers?: readonly {
      readonly name: string;
      readonly image?: string;
      readonly restartPolicy?: string;
    }[];
    readonly containers: readonly { readonly name: string }[];
  };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** How a container is. */
export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state: {
    readonly running?: { readonly startedAt: string };
    readonly waiting?: { readonly reason: string; readonly message?: string };
    readonly terminated?: { readonly startedAt: string; readonly exitCode: number; readonly reason: string };
  };
}

/** The cluster that end-to-end tests share, which outlives each of their files. */
export class E2eCluster implements AsyncDisposable {
  readonly cluster: NodeCluster;
  readonly api: HttpApi;
  readonly kubectl: Kubectl;
  readonly version: string;
  readonly #program: string;
  readonly #open = new AsyncDisposableStack();

  private constructor(cluster: NodeCluster, api: HttpApi, program: string, version: string) {
    this.cluster = cluster;
    this.kubectl = cluster.kubectl;
    this.api = api;
    this.version = version;
    this.#program = program;
  }

  /** The cluster of that name (default: DOT_KUBE_E2E_CLUSTER, else `e2e`), brought up if need be; or that of KUBECONFIG. */
  static async open(
    name = process.env['DOT_KUBE_E2E_CLUSTER'] ?? 'e2e',
    environment: NodeJS.ProcessEnv = process.env,
  ): Promise<E2eCluster> {
    const cluster = await nodeCluster({ name, environment });
    const api = new HttpApi(await kubeconfigConnection({ path: cluster.kubeconfig }));
    const given = cluster.external ? await findOnPath('kubectl', environment) : undefined;
    const text = await readFile(join(ROOT, 'package.json'), 'utf8');
    const { version } = JSON.parse(text) as { readonly version: string };
    return new E2eCluster(cluster, api, given ?? (await kubeBinaries({ environment })).kubectl, version);
  }

  /** The name by which pods ask for one of our images, once it is loaded. */
  imageName(image: Image): string {
    const name = `dot-kube/${image}:${this.version}`;
    const registry = (process.env['DOT_KUBE_REGISTRY'] ?? '').replace(/\/$/, '');
    return this.cluster.external ? `${registry}/${name}` : name;
  }

  /** Gives the nodes our images, which `npm run images` has made. */
  async loadImages(images: readonly Image[] = IMAGES): Promise<void> {
    // One after the other: of two imports at once that share a layer, one may miss it.
    for (const image of images) {
      await this.cluster.loadImage(join(ROOT, 'dist', 'images', image), `dot-kube/${image}:${this.version}`);
    }
  }

  /** `kubectl apply --server-side` of objects or of YAML. */
  async apply(manifest: string | readonly object[], ...flags: readonly string[]): Promise<string> {
    const items =
      typeof manifest === 'string' ? manifest : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifest });
    return await this.kubectl.input(items, 'apply', '--server-side', '--force-conflicts', ...flags, '-f', '-');
  }

  /** Whatever kubectl reads as JSON. */
  async read<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.kubectl('get', ...args, '-o', 'json')) as T;
  }

  /** The pods of a namespace with these labels, sorted by name; those that are being deleted are left out. */
  async pods(namespace: string, selector = ''): Promise<readonly PodObject[]> {
    const { items } = await this.api.list(POD, { namespace, labelSelector: selector });
    return (items as unknown as readonly PodObject[])
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  /** `host:port` by which this machine reaches a port on loopback of a pod, until this object is disposed of. */
  async forward(namespace: string, pod: string, port: number): Promise<string> {
    const { kubeconfig } = this.cluster;
    const forward = await portForward({ kubectl: this.#program, kubeconfig, namespace, pod, port });
    return this.#open.use(forward).address;
  }

  /** Looks until there is an answer; throws with what was missed and what `seen` says of it. */
  async eventually<T>(
    what: string,
    withinSeconds: number,
    look: () => Promise<T | undefined>,
    seen: () => unknown = () => '',
  ): Promise<T> {
    const until = performance.now() + withinSeconds * 1000;
    do {
      const found = await look();
      if (found !== undefined) return found;
      await delay(250);
    } while (performance.now() < until);
    throw new Error(`not within ${withinSeconds} s: ${what}. Seen last: ${String(await seen())}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }
}

/** Whether all containers of a pod are ready. */
export function isReady({ status }: PodObject): boolean {
  return status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

/** For messages: what the containers of pods wait for. */
export function describePods(pods: readonly PodObject[]): string {
  return pods
    .map(({ metadata, status }) => {
      const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
      const states = containers.map(({ name, ready, restartCount, state }) => {
        const { running, terminated, waiting } = state;
        const what = waiting?.reason ?? terminated?.reason ?? (running === undefined ? 'unknown' : 'running');
        return `${name} ${what}${ready ? '' : ' (not ready)'}${restartCount > 0 ? ` restarts ${restartCount}` : ''} ${waiting?.message ?? ''}`;
      });
      return `${metadata.name} ${status.phase}: ${states.join(', ')}`;
    })
    .join('\n');
}
