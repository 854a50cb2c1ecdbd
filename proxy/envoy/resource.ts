import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { type SourceRef, sourceKey } from '../model/index.ts';
import { uniqueTexts } from './order.ts';
import { encode, typeUrl } from './proto/index.ts';

/** Type URLs of the resources that a proxy is sent. */
export const TYPE = {
  listener: 'type.googleapis.com/envoy.config.listener.v3.Listener',
  scope: 'type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration',
  route: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
  cluster: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  endpoints: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
  secret: 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
} as const;

/** One of {@link TYPE}. */
export type TypeUrl = (typeof TYPE)[keyof typeof TYPE];

/** A resource that has to be there before the one that names it, asked for or not. What Envoy fetches when it needs it is none. */
export interface ResourceRef {
  readonly type: TypeUrl;
  readonly name: string;
}

/** One xDS resource, before encoding. The same model gives the same bytes. */
export interface EnvoyResource<Desc extends DescMessage = DescMessage> {
  readonly type: TypeUrl;
  readonly name: string;
  readonly schema: Desc;
  readonly message: MessageShape<Desc>;
  /** Sorted by type and name, without repetition. */
  readonly refs: readonly ResourceRef[];
  /** Source keys of the objects that it comes from, sorted. */
  readonly causes: readonly string[];
}

/** A resource of the message's type. */
export function resource<Desc extends DescMessage>(
  schema: Desc,
  name: string,
  message: MessageInitShape<Desc>,
  from: { readonly refs?: readonly ResourceRef[]; readonly causes?: readonly SourceRef[] } = {},
): EnvoyResource<Desc> {
  return {
    type: typeUrl(schema) as TypeUrl,
    name,
    schema,
    message: create(schema, message),
    refs: uniqueRefs(from.refs ?? []),
    causes: uniqueTexts((from.causes ?? []).map(sourceKey)),
  };
}

/** The resource's bytes, for `google.protobuf.Any.value` beside its type URL. */
export function encodeResource(from: EnvoyResource): Uint8Array<ArrayBuffer> {
  return encode(from.schema, from.message);
}

/** A cluster by its name, with the endpoints of that name where it has some. */
export function clusterRef(name: string): ResourceRef {
  return { type: TYPE.cluster, name };
}

function uniqueRefs(refs: readonly ResourceRef[]): readonly ResourceRef[] {
  const byKey = new Map<string, ResourceRef>();
  for (const ref of refs) {
    byKey.set(`${ref.type} ${ref.name}`, ref);
  }
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}
