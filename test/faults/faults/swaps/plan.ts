import type { KubernetesObject } from '../../../../operator/framework/index.ts';
import type { Chance } from '../../../integration/validation/schema-samples.ts';
import { policy, serviceObject, SHOP, type ShopService } from '../../harness/shop-objects.ts';

/** The Service that is called all the time, whose traffic is sent elsewhere again and again. */
export const ROOT: ShopService = { name: 'root', selector: { app: 'shop' } };

/** The versions of the pods behind it. */
export const VERSIONS = ['v1', 'v2', 'v3'] as const;

/** Services that come and go. */
const NAMES = ['red', 'green', 'blue', 'black', 'white'];

/** What is done to the API. */
export type Write =
  | { readonly kind: 'apply'; readonly object: KubernetesObject }
  /** A Service, with the endpoints that a cluster's own controller makes for it. */
  | { readonly kind: 'service'; readonly service: ShopService }
  | { readonly kind: 'delete'; readonly object: KubernetesObject }
  | { readonly kind: 'delete service'; readonly service: ShopService };

/** One swap: what is done, one write right after the other. */
export interface Swap {
  readonly title: string;
  readonly writes: readonly Write[];
}

/** What there is. Times are numbers of swaps. */
export interface Shop {
  readonly swaps: number;
  /** Services that are there, and since when. */
  readonly services: ReadonlyMap<string, { readonly service: ShopService; readonly since: number }>;
  /** Services of the split that is in force; undefined when there is no split. */
  readonly used: ReadonlySet<string> | undefined;
}

export const EMPTY_SHOP: Shop = { swaps: 0, services: new Map(), used: undefined };

/** A Service may be sent to once it has been there for so many swaps: before, its endpoints may be on their way. */
const SETTLED = 3;

/** The next swap, and what there is after it. A split only ever sends to what is there. */
export function nextSwap(shop: Shop, chance: Chance): { readonly swap: Swap; readonly shop: Shop } {
  const swaps = shop.swaps + 1;
  const { swap, change } = chooseSwap({ ...shop, swaps }, chance);
  return { swap, shop: { ...shop, swaps, ...change } };
}

interface Step {
  readonly swap: Swap;
  readonly change: Partial<Shop>;
}

function chooseSwap(shop: Shop, chance: Chance): Step {
  const absent = NAMES.filter((name) => !shop.services.has(name));
  const present = [...shop.services.keys()];
  const choices: (() => Step)[] = [
    () => split(shop, chance),
    () => split(shop, chance),
    () => limits(chance),
    () => limits(chance),
  ];
  if (absent.length > 0) choices.push(() => create(shop, chance.pick(absent), chance));
  if (present.length > 0) {
    choices.push(() => reselect(shop, chance.pick(present), chance));
    choices.push(() => remove(shop, chance.pick(present), chance));
  }
  if (shop.used !== undefined) choices.push(unsplit);
  return chance.pick(choices)();
}

/** The split of the root goes to others, by other weights, for other requests. */
function split(shop: Shop, chance: Chance, without?: string): Step {
  const settled = [...shop.services].filter(([name, { since }]) => name !== without && shop.swaps - since >= SETTLED);
  const services = settled.map(([name]) => name).filter(() => chance.once(2));
  const versions = VERSIONS.filter(() => chance.once(2));
  const targets = [
    ...services.map((service) => ({ name: service, service })),
    ...versions.map((version) => ({ name: version, labels: { version } })),
  ];
  if (targets.length === 0) targets.push({ name: 'v1', labels: { version: 'v1' } });
  const sure = chance.below(targets.length);
  const backends = targets.map((target, index) => ({
    ...target,
    weight: index === sure ? 1 + chance.below(10) : chance.below(10),
  }));
  const match = chance.once(3) ? { match: [{ path: { type: 'Prefix', value: chance.pick(['/a', '/b', '/']) } }] } : {};
  const object = policy('TrafficSplit', 'root', { service: ROOT.name, backends, ...match });
  const title = `split to ${backends.map(({ name, weight }) => `${name} ${weight}`).join(', ')}`;
  return { swap: { title, writes: [{ kind: 'apply', object }] }, change: { used: new Set(services) } };
}

function unsplit(): Step {
  const object = policy('TrafficSplit', 'root', {});
  return { swap: { title: 'no split', writes: [{ kind: 'delete', object }] }, change: { used: undefined } };
}

function create(shop: Shop, name: string, chance: Chance): Step {
  const service = { name, selector: selectorOf(chance) };
  const services = new Map(shop.services).set(name, { service, since: shop.swaps });
  return { swap: { title: `create ${name}`, writes: [{ kind: 'service', service }] }, change: { services } };
}

/** Other pods, the same Service: its address stays. */
function reselect(shop: Shop, name: string, chance: Chance): Step {
  const service = { name, selector: selectorOf(chance) };
  const since = shop.services.get(name)?.since ?? shop.swaps;
  const services = new Map(shop.services).set(name, { service, since });
  return { swap: { title: `reselect ${name}`, writes: [{ kind: 'service', service }] }, change: { services } };
}

/** Deletes a Service; where the split sends to it, the split moves to others first, in the same breath. */
function remove(shop: Shop, name: string, chance: Chance): Step {
  const moved = shop.used?.has(name) === true ? split(shop, chance, name) : undefined;
  const service: ShopService = { name, selector: {} };
  const services = new Map([...shop.services].filter(([other]) => other !== name));
  const swap: Swap = {
    title: moved === undefined ? `delete ${name}` : `${moved.swap.title}, and delete ${name}`,
    writes: [...(moved?.swap.writes ?? []), { kind: 'delete service', service }],
  };
  return { swap, change: { ...moved?.change, services } };
}

/** What routes and clusters are made of otherwise. */
function limits(chance: Chance): Step {
  const fields = {
    ...(chance.once(2) ? { timeouts: { request: `${10 + chance.below(20)}s` } } : {}),
    ...(chance.once(2) ? { connection: { connectTimeout: `${1 + chance.below(4)}s` } } : {}),
    ...(chance.once(2) ? { loadBalancer: { algorithm: chance.pick(['RoundRobin', 'Random', 'LeastRequest']) } } : {}),
  };
  const target = chance.pick([ROOT.name, ...NAMES]);
  const object = policy('MeshPolicy', 'limits', {
    targetRefs: [{ kind: 'Service', name: target }],
    circuitBreaker: { maxConnections: 1000 + chance.below(1000) },
    ...fields,
  });
  const title = `policy of ${target}: ${Object.keys(fields).join(', ') || 'connections'}`;
  return { swap: { title, writes: [{ kind: 'apply', object }] }, change: {} };
}

function selectorOf(chance: Chance): ShopService['selector'] {
  return chance.once(3) ? { app: 'shop' } : { app: 'shop', version: chance.pick(VERSIONS) };
}

/** For deleting a Service and its endpoints. */
export function objectsOf(service: ShopService): readonly KubernetesObject[] {
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: SHOP, name: `${service.name}-1` },
  };
  return [serviceObject(service), slice];
}
