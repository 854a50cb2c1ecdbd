/** Envoy's own API (`envoy.config`, `envoy.type`, `envoy.service.discovery`) under its own names; where two collide, the one named here. */
export * from './generated/envoy/config/accesslog/v3/accesslog_pb.js';
export * from './generated/envoy/config/bootstrap/v3/bootstrap_pb.js';
export * from './generated/envoy/config/cluster/v3/circuit_breaker_pb.js';
export * from './generated/envoy/config/cluster/v3/cluster_pb.js';
export * from './generated/envoy/config/cluster/v3/outlier_detection_pb.js';
export * from './generated/envoy/config/common/key_value/v3/config_pb.js';
export * from './generated/envoy/config/common/mutation_rules/v3/mutation_rules_pb.js';
export * from './generated/envoy/config/core/v3/address_pb.js';
export * from './generated/envoy/config/core/v3/backoff_pb.js';
export * from './generated/envoy/config/core/v3/base_pb.js';
export * from './generated/envoy/config/core/v3/config_source_pb.js';
export * from './generated/envoy/config/core/v3/event_service_config_pb.js';
export * from './generated/envoy/config/core/v3/extension_pb.js';
export * from './generated/envoy/config/core/v3/grpc_service_pb.js';
export * from './generated/envoy/config/core/v3/health_check_pb.js';
export * from './generated/envoy/config/core/v3/http_uri_pb.js';
export * from './generated/envoy/config/core/v3/protocol_pb.js';
export * from './generated/envoy/config/core/v3/proxy_protocol_pb.js';
export * from './generated/envoy/config/core/v3/resolver_pb.js';
export * from './generated/envoy/config/core/v3/socket_cmsg_headers_pb.js';
export * from './generated/envoy/config/core/v3/socket_option_pb.js';
export * from './generated/envoy/config/core/v3/substitution_format_string_pb.js';
export * from './generated/envoy/config/core/v3/udp_socket_config_pb.js';
export * from './generated/envoy/config/endpoint/v3/endpoint_components_pb.js';
export * from './generated/envoy/config/endpoint/v3/endpoint_pb.js';
export * from './generated/envoy/config/listener/v3/api_listener_pb.js';
export * from './generated/envoy/config/listener/v3/listener_components_pb.js';
export * from './generated/envoy/config/listener/v3/listener_pb.js';
export * from './generated/envoy/config/listener/v3/udp_listener_config_pb.js';
export * from './generated/envoy/config/metrics/v3/stats_pb.js';
export * from './generated/envoy/config/ratelimit/v3/rls_pb.js';
export * from './generated/envoy/config/rbac/v3/rbac_pb.js';
export * from './generated/envoy/config/route/v3/route_components_pb.js';
export * from './generated/envoy/config/route/v3/route_pb.js';
export * from './generated/envoy/config/route/v3/scoped_route_pb.js';
export * from './generated/envoy/service/discovery/v3/discovery_pb.js';
export * from './generated/envoy/type/http/v3/cookie_pb.js';
export * from './generated/envoy/type/http/v3/path_transformation_pb.js';
export * from './generated/envoy/type/matcher/v3/address_pb.js';
export * from './generated/envoy/type/matcher/v3/filter_state_pb.js';
export * from './generated/envoy/type/matcher/v3/http_inputs_pb.js';
export * from './generated/envoy/type/matcher/v3/metadata_pb.js';
export * from './generated/envoy/type/matcher/v3/number_pb.js';
export * from './generated/envoy/type/matcher/v3/path_pb.js';
export * from './generated/envoy/type/matcher/v3/regex_pb.js';
export * from './generated/envoy/type/matcher/v3/status_code_input_pb.js';
export * from './generated/envoy/type/matcher/v3/string_pb.js';
export * from './generated/envoy/type/matcher/v3/value_pb.js';
export * from './generated/envoy/type/metadata/v3/metadata_pb.js';
export * from './generated/envoy/type/tracing/v3/custom_tag_pb.js';
export * from './generated/envoy/type/v3/hash_policy_pb.js';
export * from './generated/envoy/type/v3/http_pb.js';
export * from './generated/envoy/type/v3/http_status_pb.js';
export * from './generated/envoy/type/v3/percent_pb.js';
export * from './generated/envoy/type/v3/range_pb.js';
export * from './generated/envoy/type/v3/ratelimit_unit_pb.js';
export * from './generated/envoy/type/v3/semantic_version_pb.js';
export * from './generated/envoy/type/v3/token_bucket_pb.js';
export {
  type Filter as ClusterFilter,
  FilterSchema as ClusterFilterSchema,
} from './generated/envoy/config/cluster/v3/filter_pb.js';
export {
  type RetryPolicy as CoreRetryPolicy,
  RetryPolicySchema as CoreRetryPolicySchema,
} from './generated/envoy/config/core/v3/base_pb.js';
export {
  type RetryPolicy,
  type RetryPolicy_RetryHostPredicate,
  RetryPolicy_RetryHostPredicateSchema,
  type RetryPolicy_RetryPriority,
  RetryPolicy_RetryPrioritySchema,
  RetryPolicySchema,
} from './generated/envoy/config/route/v3/route_components_pb.js';
