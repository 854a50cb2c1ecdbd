import type { Init } from './init.ts';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { Connection, Protocol } from '../model/index.ts';
import { filter } from './extension.ts';
import {
  any,
  ClusterHttpProtocolOptionsSchema,
  duration,
  type Http2ProtocolOptionsSchema,
  HttpHeaderMutationSchema,
  UpstreamCodecSchema,
} from './proto/index.ts';

const KEY = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** How HTTP is spoken to a cluster. */
export interface UpstreamHttp {
  /** `http2` and `grpc` are HTTP/2; with anything else the version is the caller's. */
  readonly protocol: Protocol;
  readonly connection?: Connection;
  readonly maxRequestsPerConnection?: number;
  /** A request header that the chosen endpoint does not see. */
  readonly withoutHeader?: string;
}

/** The value of a cluster's `typed_extension_protocol_options`. */
export function httpProtocolOptions(http: UpstreamHttp): Record<string, Any> {
  const { connection = {}, maxRequestsPerConnection, withoutHeader } = http;
  const { idleMs, maxDurationMs } = connection;
  const http2ProtocolOptions = http2Options(connection);
  const isHttp2 = http.protocol === 'http2' || http.protocol === 'grpc';
  return {
    [KEY]: any(ClusterHttpProtocolOptionsSchema, {
      commonHttpProtocolOptions: {
        ...(idleMs === undefined ? {} : { idleTimeout: duration(idleMs) }),
        ...(maxDurationMs ? { maxConnectionDuration: duration(maxDurationMs) } : {}),
        ...(maxRequestsPerConnection === undefined ? {} : { maxRequestsPerConnection }),
      },
      upstreamProtocolOptions: isHttp2
        ? {
            case: 'explicitHttpConfig',
            value: { protocolConfig: { case: 'http2ProtocolOptions', value: http2ProtocolOptions } },
          }
        : { case: 'useDownstreamProtocolConfig', value: { httpProtocolOptions: {}, http2ProtocolOptions } },
      ...(withoutHeader === undefined ? {} : { httpFilters: removeHeader(withoutHeader) }),
    }),
  };
}

function http2Options({ http2 = {} }: Connection): Init<typeof Http2ProtocolOptionsSchema> {
  const { maxConcurrentStreams, streamWindowBytes, connectionWindowBytes } = http2;
  return {
    ...(maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams }),
    ...(streamWindowBytes === undefined ? {} : { initialStreamWindowSize: streamWindowBytes }),
    ...(connectionWindowBytes === undefined ? {} : { initialConnectionWindowSize: connectionWindowBytes }),
  };
}

function removeHeader(name: string) {
  return [
    filter('envoy.filters.http.header_mutation', HttpHeaderMutationSchema, {
      mutations: { requestMutations: [{ action: { case: 'remove', value: name } }] },
    }),
    filter('envoy.filters.http.upstream_codec', UpstreamCodecSchema),
  ];
}
