import {
  type ExplicitInbound,
  type ExplicitUpstream,
  explicitListeners,
  formatAddress,
  type HeadlessPort,
  meshResources,
  routeName,
  type SocketAddress,
  TYPE,
  workloadResources,
  workloadRoutes,
} from '@dot-kube/proxy/envoy';
import { carriesHttp } from '@dot-kube/proxy/model';
import { elsewhere, endpointSets, serviceModel, workloadModel } from '../../build/index.ts';
import { settings } from '../../build/settings.ts';
import type { Collection, Derivation, Read } from '../../framework/derive/index.ts';
import { layers, type Placed } from './entry.ts';
import { place } from './place.ts';

/** How connections come to the proxies: redirected in the pod, or dialled at addresses that stand for others. */
export type Capture = 'redirect' | 'explicit';

/** What the proxies of a class take in, where connections are redirected to them. The key is the class. */
export const placedWorkload: Derivation<readonly Placed[]> = {
  name: 'placed/workload',
  compute(read, key) {
    const workload = read.derived(workloadModel, key);
    if (workload === undefined) return [];
    return place(layers.class(key), workloadResources(workload, read.derived(settings, 'mesh')));
  },
};

/** What every proxy has. The key is `mesh`. */
export const placedMesh: Derivation<readonly Placed[]> = {
  name: 'placed/mesh',
  compute: (read) => place(layers.mesh, meshResources(read.derived(settings, 'mesh'), headlessPorts(read))),
};

/** The same without the listeners to which connections would be redirected. */
export const placedMeshExplicit: Derivation<readonly Placed[]> = {
  name: 'placed/mesh-explicit',
  compute: (read) => read.derived(placedMesh, 'mesh').filter(({ resource }) => resource.type !== TYPE.listener),
};

/** The routes of a class whose listeners are those of each proxy. */
export const placedWorkloadExplicit: Derivation<readonly Placed[]> = {
  name: 'placed/workload-explicit',
  compute(read, key) {
    const workload = read.derived(workloadModel, key);
    return workload === undefined ? [] : place(layers.class(key), workloadRoutes(workload));
  },
};

/** One proxy to which nothing can be redirected. */
export interface ExplicitProxy {
  readonly proxyId: string;
  readonly classKey: string;
  readonly inbound: readonly ExplicitInbound[];
  /** For each port of a Service that the application may call, the address that stands for it. */
  readonly outbound: readonly { readonly service: string; readonly port: number; readonly bind: SocketAddress }[];
}

/** Keys are proxy ids. */
export const EXPLICIT_PROXIES: Collection<ExplicitProxy> = {
  name: 'ExplicitProxy',
  keyOf: ({ proxyId }) => proxyId,
  indexes: {},
};

/** The listeners of one proxy. The key is its id. */
export const placedProxy: Derivation<readonly Placed[]> = {
  name: 'placed/proxy',
  compute(read, key) {
    const proxy = read.get(EXPLICIT_PROXIES, key);
    const workload = proxy === undefined ? undefined : read.derived(workloadModel, proxy.classKey);
    if (proxy === undefined || workload === undefined) return [];
    const outbound = proxy.outbound.flatMap(({ service, port, bind }) => upstreamOf(read, service, port, bind) ?? []);
    const listeners = explicitListeners({ inbound: proxy.inbound, outbound }, workload, read.derived(settings, 'mesh'));
    return place(layers.proxy(key), listeners);
  },
};

function upstreamOf(read: Read, key: string, number: number, bind: SocketAddress): ExplicitUpstream | undefined {
  const service = read.derived(serviceModel, key);
  const port = service?.ports.find((each) => each.port === number);
  if (service === undefined || port === undefined) return undefined;
  const { protocol } = port;
  const [address] = port.addresses;
  if (address !== undefined) return { bind, protocol, dialled: address };
  // A headless Service has no address: its first endpoint stands for what the resolver would have answered.
  const [endpoint] =
    read.derived(endpointSets, key).find(({ cluster }) => cluster === routeName(service.ref, number))?.endpoints ?? [];
  if (endpoint === undefined) return undefined;
  const routes = carriesHttp(protocol) ? { routes: routeName(service.ref, number) } : {};
  return { bind, protocol, dialled: formatAddress(endpoint), ...routes };
}

function headlessPorts(read: Read): readonly HeadlessPort[] {
  return read
    .derived(elsewhere, 'mesh')
    .flatMap(({ ref, ports, causes }) =>
      ports.filter(({ protocol }) => carriesHttp(protocol)).map((port) => ({ service: ref, port, causes })),
    );
}
