// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
import type { KubernetesObject } from '../../framework/api/object.ts';
import { resourceKind } from '../../framework/api/resource-kind.ts';
import type { HeaderMatch, MeshStatus, PodSelector, TargetReference } from './shared.ts';

/**
 * AuthorizationPolicy says who may call a workload. It applies to the ports behind the Services of targetRefs, to the
 * pods of selector, or with neither to its namespace; in the namespace dot-kube-system, to the whole mesh. Policies of
 * all layers add up: a request that fits a rule of any Deny policy is refused; otherwise, if any Allow policy applies
 * to the workload, only what fits a rule of one of them is let through. A rule that asks for something of HTTP cannot
 * apply to a TCP port, and is refused in the status rather than widened.
 */
export interface AuthorizationPolicy extends KubernetesObject {
  readonly apiVersion: 'mesh.dot-kube.io/v1alpha1';
  readonly kind: 'AuthorizationPolicy';
  readonly spec: AuthorizationPolicySpec;
  readonly status?: MeshStatus;
}

/** The kind AuthorizationPolicy. */
export const AUTHORIZATION_POLICY = resourceKind<AuthorizationPolicy>('mesh.dot-kube.io/v1alpha1', 'AuthorizationPolicy', { plural: 'authorizationpolicies' });

/** What the policy applies to, and its rules. */
export interface AuthorizationPolicySpec {
  /**
   * The Services of this namespace that the policy applies to. Excludes selector. With neither, it applies to the
   * namespace.
   */
  readonly targetRefs?: readonly TargetReference[];
  /**
   * The pods of this namespace (in dot-kube-system: of every namespace) that the policy applies to. Excludes
   * targetRefs.
   */
  readonly selector?: PodSelector;
  /**
   * What happens to requests that fit a rule. Allow: they may pass, and what fits no rule of any Allow policy of the
   * workload may not. Deny: they are refused, whatever is allowed. Audit: they are marked in the access log, and
   * nothing is decided.
   */
  readonly action: AuthorizationPolicyAction;
  /**
   * Enforce decides. DryRun only writes into the access log and the metrics what the policy would have decided; an
   * Allow policy in DryRun does not close the workload. Default: Enforce.
   */
  readonly mode?: AuthorizationPolicyMode;
  /**
   * A request fits the policy when it fits one of these. Absent or empty with Allow: no request fits, so everything is
   * refused that no other policy allows. An empty rule, {}, fits every request.
   */
  readonly rules?: readonly AuthorizationPolicyRule[];
}

/**
 * What happens to requests that fit a rule. Allow: they may pass, and what fits no rule of any Allow policy of the
 * workload may not. Deny: they are refused, whatever is allowed. Audit: they are marked in the access log, and nothing
 * is decided.
 */
export type AuthorizationPolicyAction = 'Allow' | 'Deny' | 'Audit';

/**
 * Enforce decides. DryRun only writes into the access log and the metrics what the policy would have decided; an Allow
 * policy in DryRun does not close the workload. Default: Enforce.
 */
export type AuthorizationPolicyMode = 'Enforce' | 'DryRun';

/** A request fits when it fits an entry of from, if there are any, and an entry of to, if there are any. */
export interface AuthorizationPolicyRule {
  /** Name of the rule in the access log and in the response to whom it refuses. Default: its index, from 0. */
  readonly name?: string;
  /** Where the request comes from, any of these. Absent, it comes from anywhere. */
  readonly from?: readonly AuthorizationPolicyRuleFrom[];
  /** What the request is for, any of these. Absent, it is for anything. */
  readonly to?: readonly AuthorizationPolicyRuleTo[];
}

/**
 * Who calls: each field that is present has to fit, by one entry of its list; of a field that begins with not, none
 * may.
 */
export interface AuthorizationPolicyRuleFrom {
  /** Identities of the peer, from its certificate. */
  readonly principals?: readonly string[];
  /**
   * None of these identities. A peer without one fits in a Deny policy (with *, only such a peer), never in an Allow
   * policy.
   */
  readonly notPrincipals?: readonly string[];
  /** Service accounts of the peer. */
  readonly serviceAccounts?: readonly string[];
  /** None of these service accounts. A peer without an identity fits in a Deny policy, never in an Allow policy. */
  readonly notServiceAccounts?: readonly string[];
  /** Namespaces of the peer, from its identity. */
  readonly namespaces?: readonly string[];
  /** None of these namespaces. A peer without an identity fits in a Deny policy, never in an Allow policy. */
  readonly notNamespaces?: readonly string[];
  /**
   * Addresses that the connection comes from, as the workload's own host sees them (what a load balancer or NAT on the
   * way made of them).
   */
  readonly ipBlocks?: readonly string[];
  /** None of these addresses. */
  readonly notIpBlocks?: readonly string[];
}

/**
 * What is called: each field that is present has to fit, by one entry of its list (headers: by all); of a field that
 * begins with not, none may. All but ports and notPorts are of HTTP and gRPC.
 */
export interface AuthorizationPolicyRuleTo {
  /** Ports that the workload listens on (the container's, not the Service's). */
  readonly ports?: readonly number[];
  /** None of these ports. */
  readonly notPorts?: readonly number[];
  /** Host header of the request (:authority in HTTP/2), in any case. */
  readonly hosts?: readonly string[];
  /** None of these hosts. */
  readonly notHosts?: readonly string[];
  /** HTTP methods, in capitals. */
  readonly methods?: readonly string[];
  /** None of these methods. */
  readonly notMethods?: readonly string[];
  /**
   * Paths, without the query, case-sensitive, after . and .. segments, repeated slashes and needless percent-encoding
   * are resolved. Of /a;b, Deny and Audit take /a for the path too.
   */
  readonly paths?: readonly string[];
  /** None of these paths. */
  readonly notPaths?: readonly string[];
  /**
   * Headers of the request, all of these. Where one comes several times, or as a list, Deny and Audit look for any
   * value that fits, and Allow wants all lines to fit.
   */
  readonly headers?: readonly HeaderMatch[];
  /** None of these may fit the request. */
  readonly notHeaders?: readonly HeaderMatch[];
  /** gRPC methods, any of these. */
  readonly grpc?: readonly AuthorizationPolicyRuleToGrpc[];
}

/** One method of a gRPC service, or all of them. */
export interface AuthorizationPolicyRuleToGrpc {
  /** Full name of the service, with its package, like bookstore.v1.Reviews. */
  readonly service: string;
  /** Name of the method. Absent: all of them. */
  readonly method?: string;
}
