import type { Pod, Service } from '../../api/core.ts';
import { POD } from '../../api/index.ts';
import type { Api, ApplyObject } from '../../framework/api/api.ts';
import { ApiError, isConflict, isNotFound } from '../../framework/api/api-error.ts';
import { jsonEqual } from '../../framework/api/json.ts';
import { keyOfObject } from '../../framework/api/object.ts';
import { sleep } from '../../framework/clock.ts';
import type { LoopbackPlan, PodAddresses } from '../addresses/loopback-plan.ts';
import { STATUS_LABEL } from '../cluster/injection.ts';
import type { LocalContainer, LocalPod } from '../cluster/kinds.ts';
import { Application, type ApplicationContext } from './application.ts';
import { podStatusFor } from './pod-status.ts';
import { type Listening, lookByTcp } from './probe.ts';
import { Sidecar, type SidecarContext } from './sidecar.ts';

/** Who writes what a kubelet would. */
export const NODE_MANAGER = 'dotkube-local-node';
/** Keeps a pod in the API until its processes have ended. */
export const PROCESSES_FINALIZER = 'local.dot-kube.io/processes';
/** With the value `localhost`: the application listens on 127.0.0.1, at a port of its own that `PORT` says. */
export const LISTEN_ANNOTATION = 'local.dot-kube.io/listen';

/** What all pods of a run share. */
export interface PodContext extends ApplicationContext, SidecarContext {
  readonly api: Api;
  readonly plan: LoopbackPlan;
  readonly services: () => readonly Service[];
  /** A port of 127.0.0.1 that nobody listens on. */
  readonly freePort: () => Promise<number>;
  /** Where a pod's application will listen is known, and its proxy is about to ask for listeners. */
  readonly onPlaced: (pod: RunningPod) => void;
  /** Told in words, for the terminal. */
  readonly notice: (pod: LocalPod, message: string) => void;
}

/** How long the endpoint of a pod that is to end stays reachable, so that callers learn of it first. */
const FAREWELL_MS = 300;
const LONGEST_GRACE_S = 5;
const SIDECAR_GRACE_MS = 1000;
const SIDECAR_LOOK_MS = 50;
/** An application may also start without its proxy's word that it is ready, so that its log can tell the rest. */
const SIDECAR_START_MS = 15_000;

/** One replica: its proxy, its application, its status. */
export class RunningPod {
  readonly pod: LocalPod;
  readonly addresses: PodAddresses;
  readonly #context: PodContext;
  readonly #applications = new Map<string, Application>();
  readonly #sidecar: Sidecar | undefined;
  readonly #abort = new AbortController();
  #proxyWaitsFor: string | undefined;
  #listening: Listening | undefined;
  #published: Pod['status'];
  #publishing: Promise<void> | undefined;
  #publishAgain = false;
  #started: Promise<void> | undefined;

  constructor(context: PodContext, pod: LocalPod) {
    this.#context = context;
    this.pod = pod;
    this.addresses = context.plan.addressesOf(podId(pod));
    if (pod.metadata.labels?.[STATUS_LABEL] !== 'injected') return;
    this.#proxyWaitsFor = 'the proxy has not started';
    this.#sidecar = new Sidecar(context, pod, this.addresses, (message) => context.notice(pod, message));
  }

  /** Whether it has a proxy. */
  get meshed(): boolean {
    return this.#sidecar !== undefined;
  }

  /** Where its application listens, once that is known. */
  get listening(): Listening | undefined {
    return this.#listening;
  }

  /** The ids of its processes that run now. */
  get processes(): readonly number[] {
    return [this.#sidecar?.pid, ...[...this.#applications.values()].map(({ pid }) => pid)].filter(
      (pid) => pid !== undefined,
    );
  }

  /** Starts the processes and keeps the status up to date from then on. */
  start(): void {
    this.#started ??= this.#start();
  }

  /** Ends the processes; in good order, the status last, unless `atOnce`. */
  async stop(atOnce: boolean): Promise<void> {
    const { clock, plan } = this.#context;
    if (!atOnce) await sleep(clock, FAREWELL_MS);
    this.#abort.abort();
    const grace = Math.min(this.pod.spec?.terminationGracePeriodSeconds ?? LONGEST_GRACE_S, LONGEST_GRACE_S);
    await this.#started;
    await Promise.all([...this.#applications.values()].map((application) => application.stop(grace * 1000)));
    await this.#sidecar?.stop(SIDECAR_GRACE_MS);
    await this.#publishing;
    plan.release(podId(this.pod));
    if (!atOnce) await this.#apply({ metadata: {} });
  }

  async #start(): Promise<void> {
    const { signal } = this.#abort;
    try {
      await this.#apply({ metadata: { finalizers: [PROCESSES_FINALIZER] } });
      this.#listening = await this.#whereToListen();
      this.#context.onPlaced(this);
      this.#publish();
      await this.#startSidecar(signal);
      if (signal.aborted) return;
      this.#warn();
      for (const container of this.pod.spec?.containers ?? []) this.#startApplication(container, this.#listening);
      this.#publish();
    } catch (error) {
      if (!signal.aborted) this.#context.notice(this.pod, `it could not be started: ${ApiError.from(error).message}`);
    }
  }

  /** Tells of what will not be as in a cluster. */
  #warn(): void {
    const { notice, plan } = this.#context;
    const { containers = [], initContainers = [] } = this.pod.spec ?? {};
    if (initContainers.length > 0)
      notice(this.pod, 'its init containers are not run: the local mode runs containers alone');
    const ports = containers.flatMap((container) => container.ports ?? []).map(({ containerPort }) => containerPort);
    const privileged = ports.filter((port) => plan.isPrivileged(port));
    if (privileged.length === 0) return;
    const cure = `choose one from 1024, or allow it with sysctl net.ipv4.ip_unprivileged_port_start=${Math.min(...privileged)}`;
    notice(this.pod, `only root may listen on port ${privileged.join(', ')}: ${cure}`);
  }

  async #whereToListen(): Promise<Listening> {
    if (this.pod.metadata.annotations?.[LISTEN_ANNOTATION] === 'localhost' && this.meshed)
      return { host: '127.0.0.1', port: await this.#context.freePort() };
    return { host: this.meshed ? this.addresses.application : this.addresses.pod };
  }

  async #startSidecar(signal: AbortSignal): Promise<void> {
    if (this.#sidecar === undefined) return;
    const { clock } = this.#context;
    await this.#sidecar.start();
    const started = clock.monotonic();
    while (!signal.aborted) {
      this.#proxyWaitsFor = await this.#sidecar.check();
      if (this.#proxyWaitsFor === undefined) return;
      if (clock.monotonic() - started > SIDECAR_START_MS) {
        this.#context.notice(this.pod, `${this.#proxyWaitsFor} after ${SIDECAR_START_MS / 1000} s`);
        void this.#waitForSidecar(this.#sidecar, signal);
        return;
      }
      await sleep(clock, SIDECAR_LOOK_MS, signal);
    }
  }

  async #waitForSidecar(sidecar: Sidecar, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#proxyWaitsFor !== undefined) {
      await sleep(this.#context.clock, 1000, signal);
      this.#proxyWaitsFor = await sidecar.check();
    }
    this.#publish();
  }

  #startApplication(container: LocalContainer, listening: Listening): void {
    const { plan, services } = this.#context;
    const first = container.name === this.pod.spec?.containers?.[0]?.name;
    const reachable = services().map((service) => ({
      service,
      address: plan.serviceAddress(podId(this.pod), keyOfObject(service)),
      portOf: (port: number) => plan.servicePort(port),
    }));
    const application = new Application(this.#context, {
      pod: this.pod,
      container,
      listening: first ? listening : { host: listening.host },
      podIp: this.addresses.pod,
      services: reachable,
      onChange: () => this.#publish(),
      notice: (message) => this.#context.notice(this.pod, message),
    });
    this.#applications.set(container.name, application);
    application.start();
  }

  /** One write at a time; the newest state wins. */
  #publish(): void {
    this.#publishAgain = true;
    this.#publishing ??= this.#publishAll();
  }

  async #publishAll(): Promise<void> {
    try {
      while (this.#publishAgain && !this.#abort.signal.aborted) {
        this.#publishAgain = false;
        const containers = new Map([...this.#applications].map(([name, application]) => [name, application.state]));
        const ready = [...containers.values()].every((state) => state.ready);
        const status = podStatusFor({
          podIp: this.addresses.pod,
          containers,
          proxyWaitsFor: this.#proxyWaitsFor ?? (ready ? await this.#closedPorts() : undefined),
          before: this.#published,
          now: this.#context.clock.now(),
        });
        if (jsonEqual(status, this.#published)) continue;
        await this.#apply({ metadata: {}, status }, 'status');
        this.#published = status;
      }
    } catch (error) {
      this.#context.notice(this.pod, `its status could not be written: ${ApiError.from(error).message}`);
    } finally {
      this.#publishing = undefined;
    }
  }

  /** A proxy may be ready before its listeners for the pod's ports are open. */
  async #closedPorts(): Promise<string | undefined> {
    if (this.#sidecar === undefined) return undefined;
    const ports = (this.pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
    for (const { containerPort, protocol } of ports) {
      if ((protocol ?? 'TCP') !== 'TCP') continue;
      const closed = await lookByTcp(this.addresses.pod, containerPort, 500);
      if (closed === undefined) continue;
      void this.#lookAgain();
      return `the proxy has not opened port ${containerPort}`;
    }
    return undefined;
  }

  async #lookAgain(): Promise<void> {
    await sleep(this.#context.clock, SIDECAR_LOOK_MS, this.#abort.signal);
    if (!this.#abort.signal.aborted) this.#publish();
  }

  /** Writes a part of the pod, if it is still this one. */
  async #apply(
    part: { readonly metadata: object; readonly status?: Pod['status'] },
    subresource?: 'status',
  ): Promise<void> {
    const { apiVersion, kind, metadata } = this.pod;
    const { name, namespace = 'default', uid } = metadata;
    const object = { ...part, apiVersion, kind, metadata: { ...part.metadata, name, namespace, uid } } as ApplyObject;
    const options = { fieldManager: NODE_MANAGER, force: true };
    try {
      await this.#context.api.apply(POD, object, subresource === undefined ? options : { ...options, subresource });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}

/** What a pod's addresses belong to: another pod of the same name has others. */
export function podId(pod: Pod): string {
  return pod.metadata.uid ?? keyOfObject(pod);
}
