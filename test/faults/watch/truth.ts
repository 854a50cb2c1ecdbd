import { type Api, keyOfObject, type KubernetesObject, type ResourceKind } from '../../../operator/framework/index.ts';
import { ENDPOINT_SLICE, NAMESPACE, POD, SERVICE } from '../../../operator/api/index.ts';
import { podObject, sliceObject } from '../../integration/harness/mesh-objects.ts';

/** The kinds that change, and are followed. */
export const KINDS: readonly ResourceKind[] = [NAMESPACE, SERVICE, ENDPOINT_SLICE, POD];

const SHOP = 'shop';
const SERVICES = ['a', 'b', 'c'];

/** What the API server has, and has ever had: the only things that a follower may say. */
export class Truth {
  readonly api: Api;
  /** `Kind/key@version` of every state that any object was ever in. */
  readonly #states = new Set<string>();
  /** Of every object that was deleted. */
  readonly #deleted = new Set<string>();
  #names = 0;

  constructor(api: Api) {
    this.api = api;
  }

  /** What is never changed: the endpoints of these must be there at every moment. */
  async begin(): Promise<void> {
    await this.#put(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SHOP } });
    await this.#put(SERVICE, serviceOf('steady', 200));
    await this.#put(POD, podObject({ namespace: SHOP, name: 'steady-0', app: 'steady', ip: '10.0.9.1' }));
    await this.#put(ENDPOINT_SLICE, sliceObject(SHOP, 'steady', [{ name: 'steady-0', ip: '10.0.9.1' }]));
    for (const [index, name] of SERVICES.entries()) {
      await this.#put(SERVICE, serviceOf(name, index + 1));
      await this.#put(ENDPOINT_SLICE, sliceObject(SHOP, name, []));
    }
  }

  /** Changes something at random. */
  async change(random: () => number): Promise<void> {
    const dice = random();
    const service = pick(SERVICES, random);
    if (dice < 0.55) return this.#scale(service, random);
    if (dice < 0.7) return this.#drop(ENDPOINT_SLICE, `${service}-1`);
    const pod = `${service}-${Math.floor(random() * 4)}`;
    const ip = `10.0.${SERVICES.indexOf(service)}.${Math.floor(random() * 200) + 1}`;
    if (dice < 0.82) return this.#put(POD, podObject({ namespace: SHOP, name: pod, app: service, ip }));
    if (dice < 0.88) return this.#drop(POD, pod);
    if (dice < 0.93) return this.#drop(SERVICE, service);
    if (dice < 0.97) return this.#put(SERVICE, serviceOf(service, SERVICES.indexOf(service) + 1));
    // A write to nothing else than what is followed still makes a version.
    return this.#put(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `n${this.#names++}` } });
  }

  /** Whether an object was ever so. */
  wasSo(object: KubernetesObject): boolean {
    return this.#states.has(stateOf(object));
  }

  /** Whether an object of this uid was deleted. */
  wasDeleted({ metadata }: KubernetesObject): boolean {
    return this.#deleted.has(metadata.uid ?? '');
  }

  async #scale(service: string, random: () => number): Promise<void> {
    const pods = Array.from({ length: Math.floor(random() * 4) }, (_, index) => ({
      name: `${service}-${index}`,
      ip: `10.0.${SERVICES.indexOf(service)}.${Math.floor(random() * 200) + 1}`,
    }));
    await this.#put(ENDPOINT_SLICE, sliceObject(SHOP, service, pods));
  }

  async #put(kind: ResourceKind, object: KubernetesObject): Promise<void> {
    const { status, ...rest } = object;
    const options = { fieldManager: 'truth', force: true };
    let stored = await this.api.apply(kind, rest, options);
    this.#states.add(stateOf(stored));
    if (status === undefined) return;
    stored = await this.api.apply(kind, object, { ...options, subresource: 'status' });
    this.#states.add(stateOf(stored));
  }

  async #drop(kind: ResourceKind, name: string): Promise<void> {
    const reference = { namespace: SHOP, name };
    const found = await this.api.get(kind, reference).catch(() => undefined);
    if (found === undefined) return;
    this.#deleted.add(found.metadata.uid ?? '');
    await this.api.delete(kind, reference);
  }
}

function serviceOf(name: string, number: number): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: SHOP, name },
    spec: {
      clusterIP: `10.96.0.${number}`,
      clusterIPs: [`10.96.0.${number}`],
      selector: { app: name },
      ports: [{ name: 'http', port: 80, targetPort: 8080, appProtocol: 'http' }],
    },
  };
}

function stateOf(object: KubernetesObject): string {
  return `${object.kind}/${keyOfObject(object)}@${object.metadata.resourceVersion}`;
}

/** One of them. */
export function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}
