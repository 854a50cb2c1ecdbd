// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
import { ApiObject, type ApiObjectMetadata, type GroupVersionKind } from 'cdk8s';
import type { Construct } from 'constructs';
import type { HeaderMatch } from './shared.ts';

/** What the construct TrafficSplit is made from. */
export interface TrafficSplitProps {
  /** Name, namespace, labels and annotations. Without a name, one is made from the construct's path. */
  readonly metadata?: ApiObjectMetadata;
  readonly spec: TrafficSplitSpec;
}

/**
 * TrafficSplit says where requests to a Service go: to several backends by weight, to some of them only when a request
 * matches, with a copy to another, with callers kept on the backend they were given. It binds all callers in the mesh.
 * HTTP and gRPC requests are split one by one, TCP by connection. Of two splits of the same Service and port the older
 * wins, and the other says Conflicted.
 */
export class TrafficSplit extends ApiObject {
  static readonly GVK: GroupVersionKind = { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind: 'TrafficSplit' };

  constructor(scope: Construct, id: string, props: TrafficSplitProps) {
    super(scope, id, { ...TrafficSplit.GVK, ...props });
  }
}

/** The Service and where its traffic goes. */
export interface TrafficSplitSpec {
  /** Name of the Service that callers call, the root, in the split's own namespace. */
  readonly service: string;
  /** The one port of the root, by number or name, whose traffic is split. Absent: all of its ports. */
  readonly port?: number | string;
  /** Where the traffic goes. A backend gets its weight's share of the sum of all weights. */
  readonly backends: readonly TrafficSplitBackend[];
  /**
   * Only requests that fit at least one of these are split, the rest goes to the root's own endpoints. Absent: all
   * requests are split. HTTP and gRPC only.
   */
  readonly match?: readonly TrafficSplitMatch[];
  /**
   * Sends a copy of the split requests to other endpoints and ignores what they answer. The copy's Host has -shadow
   * appended. HTTP and gRPC only.
   */
  readonly mirror?: TrafficSplitMirror;
  /** Keeps a caller on the backend it was given first. Exactly one of its fields. HTTP and gRPC only. */
  readonly sticky?: TrafficSplitSticky;
}

/**
 * A Service, or those of its endpoints that carry some labels. A backend that is missing or has no endpoints keeps its
 * share, which fails with 503.
 */
export interface TrafficSplitBackend {
  /** Name of the backend in this split, in metrics, and in the cookie of sticky. Any, as long as it stays. */
  readonly name: string;
  /**
   * Name of a Service in the same namespace. Absent or the root itself: the root's own endpoints. The port is the one
   * with the number called on the root or, without such, with its name.
   */
  readonly service?: string;
  /** Only those endpoints of the service whose pods carry all these labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Share of the traffic, in proportion to the sum of all weights; 0: none. Default: 1. */
  readonly weight?: number;
}

/** What a request has to be: all of what is said here. */
export interface TrafficSplitMatch {
  /** The HTTP method, in capitals. */
  readonly method?: string;
  /** The path, without the query, case-sensitive. */
  readonly path?: TrafficSplitMatchPath;
  /** Headers of the request, all of these. */
  readonly headers?: readonly HeaderMatch[];
}

/** The path, without the query, case-sensitive. */
export interface TrafficSplitMatchPath {
  /**
   * Exact: the same path. Prefix: the path itself and all below it (/v2 fits /v2 and /v2/x, not /v20). Template: {*}
   * stands for one segment and a last {**} for any number of them.
   */
  readonly type: TrafficSplitMatchPathType;
  /** What the path is compared with, from its first slash. */
  readonly value: string;
}

/**
 * Exact: the same path. Prefix: the path itself and all below it (/v2 fits /v2 and /v2/x, not /v20). Template: {*}
 * stands for one segment and a last {**} for any number of them.
 */
export type TrafficSplitMatchPathType = 'Exact' | 'Prefix' | 'Template';

/**
 * Sends a copy of the split requests to other endpoints and ignores what they answer. The copy's Host has -shadow
 * appended. HTTP and gRPC only.
 */
export interface TrafficSplitMirror {
  /** As in backends. */
  readonly service?: string;
  /** As in backends. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Share of the requests that are copied, in percent, to four decimals. Default: 100. */
  readonly percent?: number;
}

/** Keeps a caller on the backend it was given first. Exactly one of its fields. HTTP and gRPC only. */
export interface TrafficSplitSticky {
  /**
   * The first response sets a cookie whose value is the name of the backend chosen by weight. A request that brings it
   * goes to that backend for as long as the split has it with a weight above 0, however the weights change; then
   * another is chosen and the cookie set anew. The cookie is HttpOnly.
   */
  readonly cookie?: TrafficSplitStickyCookie;
  /**
   * The backend is chosen by a hash of this header's value and the weights; nothing is stored. The same value goes to
   * the same backend until weights change, and then only as many values move as the change asks for. Requests without
   * the header are chosen by weight alone.
   */
  readonly header?: TrafficSplitStickyHeader;
}

/**
 * The first response sets a cookie whose value is the name of the backend chosen by weight. A request that brings it
 * goes to that backend for as long as the split has it with a weight above 0, however the weights change; then another
 * is chosen and the cookie set anew. The cookie is HttpOnly.
 */
export interface TrafficSplitStickyCookie {
  /** Name of the cookie. */
  readonly name: string;
  /** Path of the cookie. Default: /. */
  readonly path?: string;
  /** Life time of the cookie. Absent or 0s: as long as the browser's session. */
  readonly ttl?: string;
}

/**
 * The backend is chosen by a hash of this header's value and the weights; nothing is stored. The same value goes to the
 * same backend until weights change, and then only as many values move as the change asks for. Requests without the
 * header are chosen by weight alone.
 */
export interface TrafficSplitStickyHeader {
  /** Name of the header, in any case. */
  readonly name: string;
}
