import type { HeaderMatch, PathMatch } from './service.ts';
import type { SourceRef } from './source-ref.ts';

/** One AuthorizationPolicy's part in what one port of a workload decides; rules that cannot concern the port are left out. */
export interface AuthorizationPolicy {
  readonly source: SourceRef;
  readonly action: 'allow' | 'deny' | 'audit';
  readonly mode: 'enforce' | 'dry-run';
  /** Any rule; an Allow policy without rules matches nothing and so closes the port. */
  readonly rules: readonly AuthorizationRule[];
}

export interface AuthorizationRule {
  /** `rules[3]`, or the rule's own name: what the response details and the access log say after the policy. */
  readonly name: string;
  /** Any of these; empty is anybody. */
  readonly from: readonly SourceMatch[];
  /** Any of these; empty is anything. */
  readonly to: readonly OperationMatch[];
}

/** Patterns of a SPIFFE URI. A namespace is the prefix `spiffe://<trust domain>/ns/<namespace>/sa/`. */
export type PrincipalMatch =
  | { readonly kind: 'any-authenticated' }
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'suffix'; readonly value: string }
  /** Any service account of a namespace of this trust domain whose name ends so. */
  | { readonly kind: 'namespace-suffix'; readonly trustDomain: string; readonly value: string };

/**
 * All parts that are given must hold; inside a part any entry. A negation about identity is never satisfied by an
 * unauthenticated peer of an Allow policy, and always by one of a Deny policy: both fail closed.
 */
export interface SourceMatch {
  /** Each group is any-of; all groups must hold (principals, service accounts, namespaces). */
  readonly principals: readonly (readonly PrincipalMatch[])[];
  readonly notPrincipals: readonly PrincipalMatch[];
  /** CIDRs of the direct peer. */
  readonly ipBlocks: readonly string[];
  readonly notIpBlocks: readonly string[];
}

/** Ports are decided when the model is built; what is left needs the request. All parts that are given must hold. */
export interface OperationMatch {
  readonly hosts: readonly HostMatch[];
  readonly notHosts: readonly HostMatch[];
  readonly methods: readonly string[];
  readonly notMethods: readonly string[];
  readonly paths: readonly PathMatch[];
  readonly notPaths: readonly PathMatch[];
  readonly headers: readonly HeaderMatch[];
  /** Any of these gRPC methods, beside `paths`; a service without method stands for all of its methods. */
  readonly grpc?: readonly GrpcMethodMatch[];
}

/** A gRPC method, whose requests have the path `/service/method`. */
export interface GrpcMethodMatch {
  readonly service: string;
  readonly method?: string;
}

/**
 * Hosts compare without case (`value` is in lower case), and without port unless `port` is given. `suffix` is
 * `.example.com`; `any` is every host.
 */
export type HostMatch = { readonly port?: number } & (
  | { readonly kind: 'any' }
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'suffix'; readonly value: string }
);

/** True when the rule cannot be decided from the connection alone. */
export function needsHttp(rule: AuthorizationRule): boolean {
  return rule.to.some(
    (to) =>
      to.hosts.length +
        to.notHosts.length +
        to.methods.length +
        to.notMethods.length +
        to.paths.length +
        to.notPaths.length +
        to.headers.length +
        (to.grpc?.length ?? 0) >
      0,
  );
}
