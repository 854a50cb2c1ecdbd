import { mock } from 'node:test';
import {
  ClusterSchema,
  create,
  duration,
  encode,
  ListenerSchema,
  type MessageInitShape,
  RouteConfigurationSchema,
} from '@dot-kube/proxy/envoy/proto';
import { encodeResource, type LayerUpdate, ResourceCache, typeUrls } from '@dot-kube/proxy/xds';

/** What the compiler would make if it had a bug: resources of these names that Envoy refuses. */
export interface Corruption {
  readonly route?: string;
  readonly cluster?: string;
  readonly listener?: string;
}

/** Has everything of these names that is compiled from now on encoded wrongly, until it is disposed of. */
export function corrupt(names: Corruption): Disposable {
  const wrong = new Map<string, Uint8Array>();
  if (names.route !== undefined) wrong.set(`${typeUrls.route} ${names.route}`, wrongRoute(names.route));
  if (names.cluster !== undefined) wrong.set(`${typeUrls.cluster} ${names.cluster}`, wrongCluster(names.cluster));
  if (names.listener !== undefined) wrong.set(`${typeUrls.listener} ${names.listener}`, wrongListener(names.listener));
  // oxlint-disable-next-line typescript/unbound-method -- called with the cache as `this`
  const update = ResourceCache.prototype.update;
  const method = mock.method(
    ResourceCache.prototype,
    'update',
    function (this: ResourceCache, updates: readonly LayerUpdate[]) {
      const corrupted = updates.map(({ upsert, ...rest }) => ({
        ...rest,
        upsert: upsert.map((resource) => {
          const { type, name, refs, causes } = resource;
          const bytes = wrong.get(`${type} ${name}`);
          return bytes === undefined ? resource : encodeResource(type, name, bytes, refs, causes);
        }),
      }));
      return update.call(this, corrupted);
    },
  );
  return { [Symbol.dispose]: () => method.mock.restore() };
}

/** Two virtual hosts for everything. */
function wrongRoute(name: string): Uint8Array {
  const hosts: MessageInitShape<typeof RouteConfigurationSchema>['virtualHosts'] = ['one', 'two'].map((host) => ({
    name: host,
    domains: ['*'],
  }));
  return encode(RouteConfigurationSchema, create(RouteConfigurationSchema, { name, virtualHosts: hosts }));
}

/** No connection takes less than no time. */
function wrongCluster(name: string): Uint8Array {
  return encode(ClusterSchema, create(ClusterSchema, { name, connectTimeout: duration(-1) }));
}

/** A listener that is nowhere. */
function wrongListener(name: string): Uint8Array {
  return encode(ListenerSchema, create(ListenerSchema, { name }));
}
