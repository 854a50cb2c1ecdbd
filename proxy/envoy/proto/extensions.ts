/** Envoy's extensions and `xds.*`: their own names where those are unique, else with the kind of extension in front (`HttpRbac`, `NetworkRbac`). */
export * from './generated/envoy/extensions/access_loggers/file/v3/file_pb.js';
export * from './generated/envoy/extensions/access_loggers/stream/v3/stream_pb.js';
export * from './generated/envoy/extensions/clusters/common/dns/v3/dns_pb.js';
export * from './generated/envoy/extensions/clusters/dns/v3/dns_cluster_pb.js';
export {
  type ClusterConfig as DynamicForwardProxyCluster,
  ClusterConfigSchema as DynamicForwardProxyClusterSchema,
} from './generated/envoy/extensions/clusters/dynamic_forward_proxy/v3/cluster_pb.js';
export * from './generated/envoy/extensions/common/dynamic_forward_proxy/v3/dns_cache_pb.js';
export * from './generated/envoy/extensions/common/ratelimit/v3/ratelimit_pb.js';
export * from './generated/envoy/extensions/filters/common/fault/v3/fault_pb.js';
export * from './generated/envoy/extensions/filters/common/set_filter_state/v3/value_pb.js';
export * from './generated/envoy/extensions/filters/http/credential_injector/v3/credential_injector_pb.js';
export {
  type FilterConfig as HttpDynamicForwardProxy,
  FilterConfigSchema as HttpDynamicForwardProxySchema,
  type PerRouteConfig as HttpDynamicForwardProxyPerRoute,
  PerRouteConfigSchema as HttpDynamicForwardProxyPerRouteSchema,
} from './generated/envoy/extensions/filters/http/dynamic_forward_proxy/v3/dynamic_forward_proxy_pb.js';
export {
  type ExtAuthz as HttpExtAuthz,
  ExtAuthzSchema as HttpExtAuthzSchema,
  type ExtAuthzPerRoute,
  ExtAuthzPerRouteSchema,
  type CheckSettings,
  CheckSettingsSchema,
  type HttpService,
  HttpServiceSchema,
  type BufferSettings,
  BufferSettingsSchema,
  type AuthorizationRequest,
  AuthorizationRequestSchema,
  type AuthorizationResponse,
  AuthorizationResponseSchema,
} from './generated/envoy/extensions/filters/http/ext_authz/v3/ext_authz_pb.js';
export * from './generated/envoy/extensions/filters/http/fault/v3/fault_pb.js';
export {
  type HeaderMutation as HttpHeaderMutation,
  HeaderMutationSchema as HttpHeaderMutationSchema,
  type HeaderMutationPerRoute as HttpHeaderMutationPerRoute,
  HeaderMutationPerRouteSchema as HttpHeaderMutationPerRouteSchema,
  type Mutations as HeaderMutations,
  MutationsSchema as HeaderMutationsSchema,
} from './generated/envoy/extensions/filters/http/header_mutation/v3/header_mutation_pb.js';
export {
  type JwtAuthentication,
  JwtAuthenticationSchema,
  type JwtProvider,
  JwtProviderSchema,
  type JwtRequirement,
  JwtRequirementSchema,
  type JwtRequirementOrList,
  JwtRequirementOrListSchema,
  type JwtRequirementAndList,
  JwtRequirementAndListSchema,
  type RequirementRule,
  RequirementRuleSchema,
  type RemoteJwks,
  RemoteJwksSchema,
  type JwksAsyncFetch,
  JwksAsyncFetchSchema,
  type JwtHeader,
  JwtHeaderSchema,
  type JwtClaimToHeader,
  JwtClaimToHeaderSchema,
  type ProviderWithAudiences,
  ProviderWithAudiencesSchema,
  type PerRouteConfig as JwtPerRoute,
  PerRouteConfigSchema as JwtPerRouteSchema,
} from './generated/envoy/extensions/filters/http/jwt_authn/v3/config_pb.js';
export {
  type LocalRateLimit as HttpLocalRateLimit,
  LocalRateLimitSchema as HttpLocalRateLimitSchema,
} from './generated/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit_pb.js';
export {
  type OnDemand,
  OnDemandSchema,
  type OnDemandCds,
  OnDemandCdsSchema,
  type PerRouteConfig as OnDemandPerRoute,
  PerRouteConfigSchema as OnDemandPerRouteSchema,
} from './generated/envoy/extensions/filters/http/on_demand/v3/on_demand_pb.js';
export {
  type RateLimit as HttpRateLimit,
  RateLimitSchema as HttpRateLimitSchema,
  type RateLimitPerRoute as HttpRateLimitPerRoute,
  RateLimitPerRouteSchema as HttpRateLimitPerRouteSchema,
} from './generated/envoy/extensions/filters/http/ratelimit/v3/rate_limit_pb.js';
export {
  type RBAC as HttpRbac,
  RBACSchema as HttpRbacSchema,
  type RBACPerRoute as HttpRbacPerRoute,
  RBACPerRouteSchema as HttpRbacPerRouteSchema,
} from './generated/envoy/extensions/filters/http/rbac/v3/rbac_pb.js';
export * from './generated/envoy/extensions/filters/http/router/v3/router_pb.js';
export {
  type Config as HttpSetFilterState,
  ConfigSchema as HttpSetFilterStateSchema,
} from './generated/envoy/extensions/filters/http/set_filter_state/v3/set_filter_state_pb.js';
export * from './generated/envoy/extensions/filters/http/stateful_session/v3/stateful_session_pb.js';
export * from './generated/envoy/extensions/filters/http/upstream_codec/v3/upstream_codec_pb.js';
export * from './generated/envoy/extensions/filters/listener/http_inspector/v3/http_inspector_pb.js';
export * from './generated/envoy/extensions/filters/listener/original_dst/v3/original_dst_pb.js';
export * from './generated/envoy/extensions/filters/listener/original_src/v3/original_src_pb.js';
export * from './generated/envoy/extensions/filters/listener/proxy_protocol/v3/proxy_protocol_pb.js';
export * from './generated/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb.js';
export * from './generated/envoy/extensions/filters/network/connection_limit/v3/connection_limit_pb.js';
export {
  type Config as NetworkDirectResponse,
  ConfigSchema as NetworkDirectResponseSchema,
} from './generated/envoy/extensions/filters/network/direct_response/v3/config_pb.js';
export {
  type ExtAuthz as NetworkExtAuthz,
  ExtAuthzSchema as NetworkExtAuthzSchema,
} from './generated/envoy/extensions/filters/network/ext_authz/v3/ext_authz_pb.js';
export * from './generated/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
export {
  type LocalRateLimit as NetworkLocalRateLimit,
  LocalRateLimitSchema as NetworkLocalRateLimitSchema,
} from './generated/envoy/extensions/filters/network/local_ratelimit/v3/local_rate_limit_pb.js';
export {
  type RBAC as NetworkRbac,
  RBACSchema as NetworkRbacSchema,
  RBAC_EnforcementType as NetworkRbac_EnforcementType,
} from './generated/envoy/extensions/filters/network/rbac/v3/rbac_pb.js';
export {
  type Config as NetworkSetFilterState,
  ConfigSchema as NetworkSetFilterStateSchema,
} from './generated/envoy/extensions/filters/network/set_filter_state/v3/set_filter_state_pb.js';
export * from './generated/envoy/extensions/filters/network/sni_cluster/v3/sni_cluster_pb.js';
export * from './generated/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js';
export {
  type Metadata as MetadataFormatter,
  MetadataSchema as MetadataFormatterSchema,
} from './generated/envoy/extensions/formatter/metadata/v3/metadata_pb.js';
export * from './generated/envoy/extensions/formatter/req_without_query/v3/req_without_query_pb.js';
export {
  type HeaderMutation as EarlyHeaderMutation,
  HeaderMutationSchema as EarlyHeaderMutationSchema,
} from './generated/envoy/extensions/http/early_header_mutation/header_mutation/v3/header_mutation_pb.js';
export {
  type Generic as GenericCredential,
  GenericSchema as GenericCredentialSchema,
} from './generated/envoy/extensions/http/injected_credentials/generic/v3/generic_pb.js';
export * from './generated/envoy/extensions/http/original_ip_detection/custom_header/v3/custom_header_pb.js';
export * from './generated/envoy/extensions/http/original_ip_detection/xff/v3/xff_pb.js';
export * from './generated/envoy/extensions/http/stateful_session/cookie/v3/cookie_pb.js';
export * from './generated/envoy/extensions/http/stateful_session/header/v3/header_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/client_side_weighted_round_robin/v3/client_side_weighted_round_robin_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/cluster_provided/v3/cluster_provided_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/common/v3/common_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/least_request/v3/least_request_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/maglev/v3/maglev_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/override_host/v3/override_host_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/random/v3/random_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/ring_hash/v3/ring_hash_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/round_robin/v3/round_robin_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/subset/v3/subset_pb.js';
export * from './generated/envoy/extensions/load_balancing_policies/wrr_locality/v3/wrr_locality_pb.js';
export * from './generated/envoy/extensions/matching/common_inputs/network/v3/network_inputs_pb.js';
export * from './generated/envoy/extensions/matching/common_inputs/ssl/v3/ssl_inputs_pb.js';
export {
  type Ip as IpInputMatcher,
  IpSchema as IpInputMatcherSchema,
} from './generated/envoy/extensions/matching/input_matchers/ip/v3/ip_pb.js';
export * from './generated/envoy/extensions/path/match/uri_template/v3/uri_template_match_pb.js';
export * from './generated/envoy/extensions/path/rewrite/uri_template/v3/uri_template_rewrite_pb.js';
export * from './generated/envoy/extensions/rbac/audit_loggers/stream/v3/stream_pb.js';
export * from './generated/envoy/extensions/request_id/uuid/v3/uuid_pb.js';
export * from './generated/envoy/extensions/retry/host/omit_canary_hosts/v3/omit_canary_hosts_pb.js';
export * from './generated/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb.js';
export * from './generated/envoy/extensions/retry/priority/previous_priorities/v3/previous_priorities_config_pb.js';
export * from './generated/envoy/extensions/transport_sockets/internal_upstream/v3/internal_upstream_pb.js';
export * from './generated/envoy/extensions/transport_sockets/proxy_protocol/v3/upstream_proxy_protocol_pb.js';
export * from './generated/envoy/extensions/transport_sockets/raw_buffer/v3/raw_buffer_pb.js';
export * from './generated/envoy/extensions/transport_sockets/tls/v3/cert_pb.js';
export * from './generated/envoy/extensions/transport_sockets/tls/v3/common_pb.js';
export * from './generated/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
export * from './generated/envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
export * from './generated/envoy/extensions/transport_sockets/tls/v3/tls_spiffe_validator_config_pb.js';
export * from './generated/envoy/extensions/upstreams/http/tcp/v3/tcp_connection_pool_pb.js';
export {
  type HttpProtocolOptions as ClusterHttpProtocolOptions,
  HttpProtocolOptionsSchema as ClusterHttpProtocolOptionsSchema,
  type HttpProtocolOptions_ExplicitHttpConfig as ClusterHttpProtocolOptions_ExplicitHttpConfig,
  HttpProtocolOptions_ExplicitHttpConfigSchema as ClusterHttpProtocolOptions_ExplicitHttpConfigSchema,
  type HttpProtocolOptions_UseDownstreamHttpConfig as ClusterHttpProtocolOptions_UseDownstreamHttpConfig,
  HttpProtocolOptions_UseDownstreamHttpConfigSchema as ClusterHttpProtocolOptions_UseDownstreamHttpConfigSchema,
  type HttpProtocolOptions_AutoHttpConfig as ClusterHttpProtocolOptions_AutoHttpConfig,
  HttpProtocolOptions_AutoHttpConfigSchema as ClusterHttpProtocolOptions_AutoHttpConfigSchema,
} from './generated/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
export {
  type TcpProtocolOptions as ClusterTcpProtocolOptions,
  TcpProtocolOptionsSchema as ClusterTcpProtocolOptionsSchema,
} from './generated/envoy/extensions/upstreams/tcp/v3/tcp_protocol_options_pb.js';
export {
  type CidrRange as XdsCidrRange,
  CidrRangeSchema as XdsCidrRangeSchema,
} from './generated/xds/core/v3/cidr_pb.js';
export {
  type TypedExtensionConfig as XdsTypedExtensionConfig,
  TypedExtensionConfigSchema as XdsTypedExtensionConfigSchema,
} from './generated/xds/core/v3/extension_pb.js';
export * from './generated/xds/type/matcher/v3/cel_pb.js';
export * from './generated/xds/type/matcher/v3/domain_pb.js';
export * from './generated/xds/type/matcher/v3/http_inputs_pb.js';
export * from './generated/xds/type/matcher/v3/ip_pb.js';
export * from './generated/xds/type/matcher/v3/matcher_pb.js';
export * from './generated/xds/type/matcher/v3/range_pb.js';
export {
  type RegexMatcher as XdsRegexMatcher,
  RegexMatcherSchema as XdsRegexMatcherSchema,
  type RegexMatcher_GoogleRE2 as XdsRegexMatcher_GoogleRE2,
  RegexMatcher_GoogleRE2Schema as XdsRegexMatcher_GoogleRE2Schema,
} from './generated/xds/type/matcher/v3/regex_pb.js';
export {
  type StringMatcher as XdsStringMatcher,
  StringMatcherSchema as XdsStringMatcherSchema,
  type ListStringMatcher as XdsListStringMatcher,
  ListStringMatcherSchema as XdsListStringMatcherSchema,
} from './generated/xds/type/matcher/v3/string_pb.js';
export * from './generated/xds/type/v3/cel_pb.js';
export {
  type Int32Range as XdsInt32Range,
  Int32RangeSchema as XdsInt32RangeSchema,
  type Int64Range as XdsInt64Range,
  Int64RangeSchema as XdsInt64RangeSchema,
} from './generated/xds/type/v3/range_pb.js';
export * from './generated/xds/type/v3/typed_struct_pb.js';
