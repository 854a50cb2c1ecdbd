/**
 * The loopback addresses of one replica. On Linux every address of 127.0.0.0/8 can be bound without privileges, so each
 * replica has its own, as a pod of a cluster has its own network.
 */
export interface PodAddresses {
  /** What other proxies connect to: the pod's address in the API. Bound by its Envoy, or by its application without one. */
  readonly pod: string;
  /** Where the application listens behind its Envoy. */
  readonly application: string;
  /** Where its Envoy's admin interface listens. */
  readonly admin: string;
}

/** Addresses of a run: a slot of /13, so that several runs on one machine do not meet. */
export const SLOTS = 31;
/** Replicas that a slot has room for: the last block holds the broadcast address. */
export const PODS_PER_SLOT = 510;
const BLOCK = 1024;
/** The first of a block are the replica's own; the rest stand for the Services that it calls. */
const FIRST_SERVICE = 16;
/** Port 80 becomes 20080. */
const MOVED_BY = 20_000;
/** Services that a replica can call. */
export const SERVICES_PER_POD = BLOCK - FIRST_SERVICE;

/** There are no addresses left. */
export class OutOfAddressesError extends Error {
  override readonly name = 'OutOfAddressesError';
}

/**
 * Hands out addresses within one slot. A replica keeps its block until it is released, a Service its place in all blocks for
 * good, and a released block is taken again as late as possible: somebody may still be connecting to its last owner.
 */
export class LoopbackPlan {
  readonly #slot: number;
  readonly #firstPort: number;
  readonly #pods = new Map<string, number>();
  readonly #taken = new Set<number>();
  readonly #services = new Map<string, number>();
  #next = 0;

  /** `slot` is 1 to {@link SLOTS}; ports below `firstPort` may not be bound. Default: all may. */
  constructor(slot: number, firstPort = 0) {
    if (!Number.isInteger(slot) || slot < 1 || slot > SLOTS) throw new RangeError(`no slot ${slot}`);
    this.#slot = slot;
    this.#firstPort = firstPort;
  }

  /** The addresses of a replica; the same ones for the same key until {@link release}. */
  addressesOf(pod: string): PodAddresses {
    const block = this.#blockOf(pod);
    const [own, application, admin] = [1, 2, 3].map((offset) => this.#address(block, offset));
    return { pod: own ?? '', application: application ?? '', admin: admin ?? '' };
  }

  /** The address by which a replica calls a Service. */
  serviceAddress(pod: string, service: string): string {
    const known = this.#services.get(service) ?? this.#services.size;
    if (known >= SERVICES_PER_POD)
      throw new OutOfAddressesError(
        `more than ${SERVICES_PER_POD} Services: there is no loopback address for ${service}`,
      );
    this.#services.set(service, known);
    return this.#address(this.#blockOf(pod), FIRST_SERVICE + known);
  }

  /** The port at which a Service's port is called: another one where only a privileged process could bind it. */
  servicePort(port: number): number {
    return port < this.#firstPort ? port + MOVED_BY : port;
  }

  /** Whether this process may not bind a port. */
  isPrivileged(port: number): boolean {
    return port < this.#firstPort;
  }

  /** Gives a replica's block back. */
  release(pod: string): void {
    const block = this.#pods.get(pod);
    if (block === undefined) return;
    this.#pods.delete(pod);
    this.#taken.delete(block);
  }

  #blockOf(pod: string): number {
    const known = this.#pods.get(pod);
    if (known !== undefined) return known;
    if (this.#taken.size >= PODS_PER_SLOT)
      throw new OutOfAddressesError(`more than ${PODS_PER_SLOT} replicas: there is no loopback address for ${pod}`);
    while (this.#taken.has(this.#next)) this.#next = (this.#next + 1) % PODS_PER_SLOT;
    const block = this.#next;
    this.#next = (block + 1) % PODS_PER_SLOT;
    this.#pods.set(pod, block);
    this.#taken.add(block);
    return block;
  }

  #address(block: number, offset: number): string {
    const low = (block + 1) * BLOCK + offset;
    return `127.${this.#slot * 8 + (low >> 16)}.${(low >> 8) & 255}.${low & 255}`;
  }
}
