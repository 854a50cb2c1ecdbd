import type { Clock } from './clock.ts';
import type { Waits } from './limits.ts';
import type { ProxyView } from './proxy-view.ts';
import type { Subscription } from './subscription.ts';
import type { Told } from './told.ts';
import { type TypeUrl, typeUrls } from './type-url.ts';

/** What a removal of a type waits for: everything that may still refer to it on the proxy. */
const referrers: Readonly<Record<TypeUrl, readonly TypeUrl[]>> = {
  [typeUrls.listener]: [],
  [typeUrls.scopedRoute]: [],
  [typeUrls.route]: [typeUrls.listener, typeUrls.scopedRoute],
  [typeUrls.cluster]: [typeUrls.listener, typeUrls.scopedRoute, typeUrls.route],
  [typeUrls.endpoints]: [typeUrls.listener, typeUrls.scopedRoute, typeUrls.route, typeUrls.cluster],
  [typeUrls.secret]: [typeUrls.listener, typeUrls.scopedRoute, typeUrls.route, typeUrls.cluster],
};

/**
 * Make before break: a route moves to a cluster when the cluster is warm, and a cluster goes when no route is on its way.
 * Every wait has an end. What a proxy asks for never comes through here.
 */
export class PushGate {
  readonly #deadlines = new Map<string, number>();
  readonly #view: ProxyView;
  readonly #subscriptions: ReadonlyMap<TypeUrl, Subscription>;
  readonly #clock: Clock;
  readonly #waits: Waits;
  readonly #wake: (at: number) => void;
  readonly #startedAt: number;

  /** `wake` is called with the monotonic time at which to look again. */
  constructor(
    view: ProxyView,
    subscriptions: ReadonlyMap<TypeUrl, Subscription>,
    clock: Clock,
    waits: Waits,
    wake: (at: number) => void,
  ) {
    this.#view = view;
    this.#subscriptions = subscriptions;
    this.#clock = clock;
    this.#waits = waits;
    this.#wake = wake;
    this.#startedAt = clock.monotonic();
  }

  /** Whether a word must wait. Called again, it answers no once its time is up. */
  mustWait(type: TypeUrl, name: string, word: Told, last: Told | undefined): boolean {
    if (word.kind === 'entry') {
      // A route without a predecessor is one that the proxy asked for and waits for.
      const refers = type === typeUrls.listener || (type === typeUrls.route && last !== undefined);
      const cold = refers && word.resource.refs.some((ref) => ref.type === typeUrls.cluster && !this.#isWarm(ref.name));
      return this.#hold(type, name, cold, this.#waits.warmUp);
    }
    if (last === undefined || last.kind === 'removed') return false;
    if (last.kind === 'reported' && type === typeUrls.cluster) {
      const until = this.#startedAt + this.#waits.reconnect;
      if (this.#clock.monotonic() < until) {
        this.#wake(until);
        return true;
      }
    }
    return this.#hold(type, name, !referrers[type].every((referrer) => this.#isQuiet(referrer)), this.#waits.removal);
  }

  /** The word went out, or there is nothing to say any more. */
  clear(type: TypeUrl, name: string): void {
    if (this.#deadlines.size > 0) this.#deadlines.delete(`${type}\n${name}`);
  }

  #hold(type: TypeUrl, name: string, waits: boolean, milliseconds: number): boolean {
    if (!waits) {
      this.clear(type, name);
      return false;
    }
    const key = `${type}\n${name}`;
    const now = this.#clock.monotonic();
    const deadline = this.#deadlines.get(key) ?? now + milliseconds;
    if (now >= deadline) return false;
    this.#deadlines.set(key, deadline);
    this.#wake(deadline);
    return true;
  }

  /** Envoy acknowledges a cluster when it is warm: its endpoints and secrets are there. Others need not, so these are checked too. */
  #isWarm(name: string): boolean {
    const clusters = this.#subscriptions.get(typeUrls.cluster);
    if (clusters === undefined || !this.#view.wants(typeUrls.cluster, name)) return true;
    // A cluster that does not exist, or is withheld, will not become warm.
    const coming = this.#view.decide(typeUrls.cluster, name, false);
    const acked = clusters.acked(name);
    if (coming === undefined && clusters.told(name) === undefined)
      return this.#view.find(typeUrls.cluster, name) === undefined;
    if (coming?.kind === 'removed' || coming?.kind === 'empty') return true;
    if (acked === undefined || acked.kind === 'removed') return false;
    if (acked.kind !== 'entry') return true;
    return acked.resource.refs.every(({ type, name }) => {
      const subscription = this.#subscriptions.get(type);
      return subscription?.requested.has(name) !== true || subscription.acked(name) !== undefined;
    });
  }

  #isQuiet(type: TypeUrl): boolean {
    const subscription = this.#subscriptions.get(type);
    if (subscription === undefined) return true;
    const { inFlight, dirty, behind } = subscription;
    return inFlight.size === 0 && dirty.size === 0 && behind.size === 0;
  }
}
