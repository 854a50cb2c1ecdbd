import type { EndpointSlice, Service } from '../../api/core.ts';
import { keyOfObject } from '../../framework/api/object.ts';
import type { ReadonlyStore } from '../../framework/store/store.ts';
import type { LocalPod } from '../cluster/kinds.ts';
import { isTerminating } from '../cluster/pod-state.ts';
import { Forwarder } from '../forwarding/forwarder.ts';
import { forwardsFor } from '../forwarding/forwards.ts';
import { podId, type PodContext, RunningPod } from './running-pod.ts';

/** What a node works with. */
export interface LocalNodeOptions {
  readonly context: PodContext;
  readonly pods: ReadonlyStore<LocalPod>;
  readonly services: ReadonlyStore<Service>;
  readonly slices: ReadonlyStore<EndpointSlice>;
  readonly onEnded: (pod: RunningPod) => void;
}

/** The terminal that the mesh was started from, as a caller without a proxy. */
const TERMINAL = 'terminal';

/** Runs the pods of the API as processes, as a kubelet does, and forwards for those that have no proxy, as kube-proxy does. */
export class LocalNode {
  readonly #options: LocalNodeOptions;
  readonly #running = new Map<string, RunningPod>();
  readonly #stopping = new Set<Promise<void>>();
  readonly #forwarders = new Map<string, Forwarder>();
  readonly #ends: (() => void)[] = [];
  #closed = false;

  constructor(options: LocalNodeOptions) {
    this.#options = options;
    const { plan } = options.context;
    this.#forwarders.set(TERMINAL, new Forwarder(plan.addressesOf(TERMINAL).pod));
  }

  /** The pods that run, or are about to. */
  get pods(): readonly RunningPod[] {
    return [...this.#running.values()];
  }

  /** Follows the pods from now on. */
  start(): void {
    const { pods, services, slices } = this.#options;
    this.#ends.push(
      pods.subscribe((changes) => {
        for (const change of changes) this.#follow(change.kind === 'upsert' ? change.new : undefined, change.old);
      }),
    );
    for (const store of [services, slices]) this.#ends.push(store.subscribe(() => this.#forward()));
    for (const pod of pods.list()) this.#follow(pod, undefined);
    this.#forward();
  }

  /** Where a Service's port can be called from the terminal. */
  terminalAddress(serviceKey: string, port: number): string {
    const { plan } = this.#options.context;
    return `${plan.serviceAddress(TERMINAL, serviceKey)}:${plan.servicePort(port)}`;
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const end of this.#ends) end();
    for (const forwarder of this.#forwarders.values()) forwarder.close();
    for (const running of this.#running.values()) this.#stop(running, true);
    await Promise.all(this.#stopping);
  }

  #follow(pod: LocalPod | undefined, old: LocalPod | undefined): void {
    if (this.#closed) return;
    const replaced = old !== undefined && (pod === undefined || podId(old) !== podId(pod));
    const gone = replaced ? this.#running.get(podId(old)) : undefined;
    if (gone !== undefined) this.#stop(gone, true);
    if (pod === undefined || pod.spec?.nodeName === undefined) return;
    const running = this.#running.get(podId(pod));
    if (isTerminating(pod)) {
      if (running !== undefined) this.#stop(running, false);
    } else if (running === undefined) this.#start(pod);
  }

  #start(pod: LocalPod): void {
    const { context } = this.#options;
    const running = new RunningPod(context, pod);
    this.#running.set(podId(pod), running);
    if (!running.meshed) {
      this.#forwarders.set(podId(pod), new Forwarder(running.addresses.pod));
      this.#forward();
    }
    running.start();
  }

  #stop(running: RunningPod, atOnce: boolean): void {
    const id = podId(running.pod);
    if (!this.#running.delete(id)) return;
    const stopped = running.stop(atOnce).then(() => {
      this.#forwarders.get(id)?.close();
      this.#forwarders.delete(id);
      this.#stopping.delete(stopped);
      return this.#options.onEnded(running);
    });
    this.#stopping.add(stopped);
  }

  #forward(): void {
    const { context, services, slices } = this.#options;
    const all = services.list().sort((a, b) => (keyOfObject(a) < keyOfObject(b) ? -1 : 1));
    const byService = Map.groupBy(slices.list(), serviceOf);
    const slicesOf = (service: Service): readonly EndpointSlice[] => byService.get(keyOfObject(service)) ?? [];
    const portOf = (port: number): number => context.plan.servicePort(port);
    for (const [owner, forwarder] of this.#forwarders) {
      const addressOf = (key: string): string => context.plan.serviceAddress(owner, key);
      forwarder.update(forwardsFor(all, slicesOf, addressOf, portOf));
    }
  }
}

function serviceOf({ metadata }: EndpointSlice): string {
  return `${metadata.namespace ?? 'default'}/${metadata.labels?.['kubernetes.io/service-name'] ?? ''}`;
}
