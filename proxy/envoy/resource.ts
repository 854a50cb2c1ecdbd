import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { type SourceRef, sourceKey } from '../model/index.ts';
import { uniqueTexts } from './order.ts';
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  encode,
  ListenerSchema,
  RouteConfigurationSchema,
  ScopedRouteConfigurationSchema,
  SecretSchema,
  typeUrl,
} from './proto/index.ts';

/** Type URLs of the resources that a proxy is sent. */
export const TYPE = {
  listener: typeUrl(ListenerSchema),
  scope: typeUrl(ScopedRouteConfigurationSchema),
  route: typeUrl(RouteConfigurationSchema),
  cluster: typeUrl(ClusterSchema),
  endpoints: typeUrl(ClusterLoadAssignmentSchema),
  secret: typeUrl(SecretSchema),
} as const;

/** A resource that another one names. */
export interface ResourceRef {
  readonly type: string;
  readonly name: string;
  /** Envoy never asks for it by itself (a mirror's cluster, under on-demand discovery), so it has to be sent along. */
  readonly unasked?: true;
}

/** One xDS resource, before encoding. The same model gives the same bytes. */
export interface EnvoyResource<Desc extends DescMessage = DescMessage> {
  /** Type URL, one of {@link TYPE}. */
  readonly type: string;
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
    type: typeUrl(schema),
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

/** Sorted by type and name; of the same resource, the one that has to be sent along wins. */
function uniqueRefs(refs: readonly ResourceRef[]): readonly ResourceRef[] {
  const byKey = new Map<string, ResourceRef>();
  for (const ref of refs) {
    const key = `${ref.type} ${ref.name}`;
    if (ref.unasked || !byKey.has(key)) byKey.set(key, ref);
  }
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}
