import { file_envoy_config_core_v3_extension } from './envoy/config/core/v3/extension_pb.js';
import { file_envoy_config_core_v3_socket_option } from './envoy/config/core/v3/socket_option_pb.js';
import { file_envoy_config_core_v3_address } from './envoy/config/core/v3/address_pb.js';
import { file_envoy_config_core_v3_backoff } from './envoy/config/core/v3/backoff_pb.js';
import { file_envoy_config_core_v3_http_uri } from './envoy/config/core/v3/http_uri_pb.js';
import { file_envoy_type_v3_percent } from './envoy/type/v3/percent_pb.js';
import { file_envoy_type_v3_semantic_version } from './envoy/type/v3/semantic_version_pb.js';
import { file_xds_core_v3_context_params } from './xds/core/v3/context_params_pb.js';
import { file_envoy_config_core_v3_base } from './envoy/config/core/v3/base_pb.js';
import { file_envoy_type_matcher_v3_regex } from './envoy/type/matcher/v3/regex_pb.js';
import { file_xds_core_v3_extension } from './xds/core/v3/extension_pb.js';
import { file_envoy_type_matcher_v3_string } from './envoy/type/matcher/v3/string_pb.js';
import { file_envoy_config_common_mutation_rules_v3_mutation_rules } from './envoy/config/common/mutation_rules/v3/mutation_rules_pb.js';
import { file_envoy_config_core_v3_substitution_format_string } from './envoy/config/core/v3/substitution_format_string_pb.js';
import { file_envoy_config_core_v3_proxy_protocol } from './envoy/config/core/v3/proxy_protocol_pb.js';
import { file_xds_core_v3_cidr } from './xds/core/v3/cidr_pb.js';
import { file_envoy_type_matcher_v3_address } from './envoy/type/matcher/v3/address_pb.js';
import { file_envoy_type_matcher_v3_filter_state } from './envoy/type/matcher/v3/filter_state_pb.js';
import { file_envoy_type_v3_range } from './envoy/type/v3/range_pb.js';
import { file_envoy_type_matcher_v3_number } from './envoy/type/matcher/v3/number_pb.js';
import { file_envoy_type_matcher_v3_value } from './envoy/type/matcher/v3/value_pb.js';
import { file_envoy_type_matcher_v3_metadata } from './envoy/type/matcher/v3/metadata_pb.js';
import { file_envoy_type_metadata_v3_metadata } from './envoy/type/metadata/v3/metadata_pb.js';
import { file_envoy_type_tracing_v3_custom_tag } from './envoy/type/tracing/v3/custom_tag_pb.js';
import { file_envoy_type_v3_ratelimit_unit } from './envoy/type/v3/ratelimit_unit_pb.js';
import { file_xds_type_matcher_v3_regex } from './xds/type/matcher/v3/regex_pb.js';
import { file_xds_type_matcher_v3_string } from './xds/type/matcher/v3/string_pb.js';
import { file_xds_type_matcher_v3_matcher } from './xds/type/matcher/v3/matcher_pb.js';
import { file_envoy_config_route_v3_route_components } from './envoy/config/route/v3/route_components_pb.js';
import { file_envoy_data_accesslog_v3_accesslog } from './envoy/data/accesslog/v3/accesslog_pb.js';
import { file_envoy_config_accesslog_v3_accesslog } from './envoy/config/accesslog/v3/accesslog_pb.js';
import { file_envoy_config_cluster_v3_circuit_breaker } from './envoy/config/cluster/v3/circuit_breaker_pb.js';
import { file_envoy_config_core_v3_grpc_service } from './envoy/config/core/v3/grpc_service_pb.js';
import { file_xds_core_v3_authority } from './xds/core/v3/authority_pb.js';
import { file_envoy_config_core_v3_config_source } from './envoy/config/core/v3/config_source_pb.js';
import { file_envoy_config_cluster_v3_filter } from './envoy/config/cluster/v3/filter_pb.js';
import { file_envoy_config_cluster_v3_outlier_detection } from './envoy/config/cluster/v3/outlier_detection_pb.js';
import { file_envoy_config_core_v3_event_service_config } from './envoy/config/core/v3/event_service_config_pb.js';
import { file_envoy_type_v3_http } from './envoy/type/v3/http_pb.js';
import { file_envoy_config_core_v3_health_check } from './envoy/config/core/v3/health_check_pb.js';
import { file_envoy_config_core_v3_protocol } from './envoy/config/core/v3/protocol_pb.js';
import { file_envoy_config_core_v3_resolver } from './envoy/config/core/v3/resolver_pb.js';
import { file_xds_core_v3_resource_locator } from './xds/core/v3/resource_locator_pb.js';
import { file_xds_core_v3_collection_entry } from './xds/core/v3/collection_entry_pb.js';
import { file_envoy_config_endpoint_v3_endpoint_components } from './envoy/config/endpoint/v3/endpoint_components_pb.js';
import { file_envoy_config_endpoint_v3_endpoint } from './envoy/config/endpoint/v3/endpoint_pb.js';
import { file_envoy_config_metrics_v3_stats } from './envoy/config/metrics/v3/stats_pb.js';
import { file_envoy_config_cluster_v3_cluster } from './envoy/config/cluster/v3/cluster_pb.js';
import { file_envoy_config_listener_v3_api_listener } from './envoy/config/listener/v3/api_listener_pb.js';
import { file_envoy_config_listener_v3_listener_components } from './envoy/config/listener/v3/listener_components_pb.js';
import { file_envoy_config_core_v3_udp_socket_config } from './envoy/config/core/v3/udp_socket_config_pb.js';
import { file_envoy_config_core_v3_socket_cmsg_headers } from './envoy/config/core/v3/socket_cmsg_headers_pb.js';
import { file_envoy_config_listener_v3_quic_config } from './envoy/config/listener/v3/quic_config_pb.js';
import { file_envoy_config_listener_v3_udp_listener_config } from './envoy/config/listener/v3/udp_listener_config_pb.js';
import { file_envoy_config_listener_v3_listener } from './envoy/config/listener/v3/listener_pb.js';
import { file_envoy_config_overload_v3_overload } from './envoy/config/overload/v3/overload_pb.js';
import { file_envoy_config_trace_v3_http_tracer } from './envoy/config/trace/v3/http_tracer_pb.js';
import { file_envoy_extensions_transport_sockets_tls_v3_common } from './envoy/extensions/transport_sockets/tls/v3/common_pb.js';
import { file_envoy_extensions_transport_sockets_tls_v3_secret } from './envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import { file_envoy_config_bootstrap_v3_bootstrap } from './envoy/config/bootstrap/v3/bootstrap_pb.js';
import { file_envoy_config_common_matcher_v3_matcher } from './envoy/config/common/matcher/v3/matcher_pb.js';
import { file_envoy_config_core_v3_cel } from './envoy/config/core/v3/cel_pb.js';
import { file_envoy_type_matcher_v3_path } from './envoy/type/matcher/v3/path_pb.js';
import { file_google_api_expr_v1alpha1_syntax } from './google/api/expr/v1alpha1/syntax_pb.js';
import { file_google_api_expr_v1alpha1_checked } from './google/api/expr/v1alpha1/checked_pb.js';
import { file_envoy_config_rbac_v3_rbac } from './envoy/config/rbac/v3/rbac_pb.js';
import { file_envoy_config_route_v3_route } from './envoy/config/route/v3/route_pb.js';
import { file_envoy_config_route_v3_scoped_route } from './envoy/config/route/v3/scoped_route_pb.js';
import { file_envoy_extensions_access_loggers_file_v3_file } from './envoy/extensions/access_loggers/file/v3/file_pb.js';
import { file_envoy_extensions_access_loggers_stream_v3_stream } from './envoy/extensions/access_loggers/stream/v3/stream_pb.js';
import { file_envoy_extensions_clusters_common_dns_v3_dns } from './envoy/extensions/clusters/common/dns/v3/dns_pb.js';
import { file_envoy_extensions_clusters_dns_v3_dns_cluster } from './envoy/extensions/clusters/dns/v3/dns_cluster_pb.js';
import { file_envoy_config_common_key_value_v3_config } from './envoy/config/common/key_value/v3/config_pb.js';
import { file_envoy_extensions_common_dynamic_forward_proxy_v3_dns_cache } from './envoy/extensions/common/dynamic_forward_proxy/v3/dns_cache_pb.js';
import { file_envoy_extensions_clusters_dynamic_forward_proxy_v3_cluster } from './envoy/extensions/clusters/dynamic_forward_proxy/v3/cluster_pb.js';
import { file_envoy_extensions_filters_common_fault_v3_fault } from './envoy/extensions/filters/common/fault/v3/fault_pb.js';
import { file_envoy_extensions_filters_common_set_filter_state_v3_value } from './envoy/extensions/filters/common/set_filter_state/v3/value_pb.js';
import { file_envoy_extensions_filters_http_credential_injector_v3_credential_injector } from './envoy/extensions/filters/http/credential_injector/v3/credential_injector_pb.js';
import { file_envoy_extensions_filters_http_dynamic_forward_proxy_v3_dynamic_forward_proxy } from './envoy/extensions/filters/http/dynamic_forward_proxy/v3/dynamic_forward_proxy_pb.js';
import { file_envoy_type_v3_http_status } from './envoy/type/v3/http_status_pb.js';
import { file_envoy_extensions_filters_http_ext_authz_v3_ext_authz } from './envoy/extensions/filters/http/ext_authz/v3/ext_authz_pb.js';
import { file_envoy_extensions_filters_http_fault_v3_fault } from './envoy/extensions/filters/http/fault/v3/fault_pb.js';
import { file_envoy_extensions_filters_http_header_mutation_v3_header_mutation } from './envoy/extensions/filters/http/header_mutation/v3/header_mutation_pb.js';
import { file_envoy_extensions_filters_http_jwt_authn_v3_config } from './envoy/extensions/filters/http/jwt_authn/v3/config_pb.js';
import { file_envoy_type_v3_token_bucket } from './envoy/type/v3/token_bucket_pb.js';
import { file_envoy_extensions_common_ratelimit_v3_ratelimit } from './envoy/extensions/common/ratelimit/v3/ratelimit_pb.js';
import { file_envoy_extensions_filters_http_local_ratelimit_v3_local_rate_limit } from './envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit_pb.js';
import { file_envoy_extensions_filters_http_on_demand_v3_on_demand } from './envoy/extensions/filters/http/on_demand/v3/on_demand_pb.js';
import { file_envoy_config_ratelimit_v3_rls } from './envoy/config/ratelimit/v3/rls_pb.js';
import { file_envoy_extensions_filters_http_ratelimit_v3_rate_limit } from './envoy/extensions/filters/http/ratelimit/v3/rate_limit_pb.js';
import { file_envoy_extensions_filters_http_rbac_v3_rbac } from './envoy/extensions/filters/http/rbac/v3/rbac_pb.js';
import { file_envoy_type_http_v3_path_transformation } from './envoy/type/http/v3/path_transformation_pb.js';
import { file_envoy_extensions_filters_network_http_connection_manager_v3_http_connection_manager } from './envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { file_envoy_extensions_filters_http_router_v3_router } from './envoy/extensions/filters/http/router/v3/router_pb.js';
import { file_envoy_extensions_filters_http_set_filter_state_v3_set_filter_state } from './envoy/extensions/filters/http/set_filter_state/v3/set_filter_state_pb.js';
import { file_envoy_extensions_filters_http_stateful_session_v3_stateful_session } from './envoy/extensions/filters/http/stateful_session/v3/stateful_session_pb.js';
import { file_envoy_extensions_filters_http_upstream_codec_v3_upstream_codec } from './envoy/extensions/filters/http/upstream_codec/v3/upstream_codec_pb.js';
import { file_envoy_extensions_filters_listener_http_inspector_v3_http_inspector } from './envoy/extensions/filters/listener/http_inspector/v3/http_inspector_pb.js';
import { file_envoy_extensions_filters_listener_original_dst_v3_original_dst } from './envoy/extensions/filters/listener/original_dst/v3/original_dst_pb.js';
import { file_envoy_extensions_filters_listener_original_src_v3_original_src } from './envoy/extensions/filters/listener/original_src/v3/original_src_pb.js';
import { file_envoy_extensions_filters_listener_proxy_protocol_v3_proxy_protocol } from './envoy/extensions/filters/listener/proxy_protocol/v3/proxy_protocol_pb.js';
import { file_envoy_extensions_filters_listener_tls_inspector_v3_tls_inspector } from './envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb.js';
import { file_envoy_extensions_filters_network_connection_limit_v3_connection_limit } from './envoy/extensions/filters/network/connection_limit/v3/connection_limit_pb.js';
import { file_envoy_extensions_filters_network_direct_response_v3_config } from './envoy/extensions/filters/network/direct_response/v3/config_pb.js';
import { file_envoy_extensions_filters_network_ext_authz_v3_ext_authz } from './envoy/extensions/filters/network/ext_authz/v3/ext_authz_pb.js';
import { file_envoy_extensions_filters_network_local_ratelimit_v3_local_rate_limit } from './envoy/extensions/filters/network/local_ratelimit/v3/local_rate_limit_pb.js';
import { file_envoy_extensions_filters_network_rbac_v3_rbac } from './envoy/extensions/filters/network/rbac/v3/rbac_pb.js';
import { file_envoy_extensions_filters_network_set_filter_state_v3_set_filter_state } from './envoy/extensions/filters/network/set_filter_state/v3/set_filter_state_pb.js';
import { file_envoy_extensions_filters_network_sni_cluster_v3_sni_cluster } from './envoy/extensions/filters/network/sni_cluster/v3/sni_cluster_pb.js';
import { file_envoy_type_v3_hash_policy } from './envoy/type/v3/hash_policy_pb.js';
import { file_envoy_extensions_filters_network_tcp_proxy_v3_tcp_proxy } from './envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js';
import { file_envoy_extensions_formatter_metadata_v3_metadata } from './envoy/extensions/formatter/metadata/v3/metadata_pb.js';
import { file_envoy_extensions_formatter_req_without_query_v3_req_without_query } from './envoy/extensions/formatter/req_without_query/v3/req_without_query_pb.js';
import { file_envoy_extensions_http_early_header_mutation_header_mutation_v3_header_mutation } from './envoy/extensions/http/early_header_mutation/header_mutation/v3/header_mutation_pb.js';
import { file_envoy_extensions_http_injected_credentials_generic_v3_generic } from './envoy/extensions/http/injected_credentials/generic/v3/generic_pb.js';
import { file_envoy_extensions_http_original_ip_detection_custom_header_v3_custom_header } from './envoy/extensions/http/original_ip_detection/custom_header/v3/custom_header_pb.js';
import { file_envoy_extensions_http_original_ip_detection_xff_v3_xff } from './envoy/extensions/http/original_ip_detection/xff/v3/xff_pb.js';
import { file_envoy_type_http_v3_cookie } from './envoy/type/http/v3/cookie_pb.js';
import { file_envoy_extensions_http_stateful_session_cookie_v3_cookie } from './envoy/extensions/http/stateful_session/cookie/v3/cookie_pb.js';
import { file_envoy_extensions_http_stateful_session_header_v3_header } from './envoy/extensions/http/stateful_session/header/v3/header_pb.js';
import { file_envoy_extensions_load_balancing_policies_common_v3_common } from './envoy/extensions/load_balancing_policies/common/v3/common_pb.js';
import { file_envoy_extensions_load_balancing_policies_client_side_weighted_round_robin_v3_client_side_weighted_round_robin } from './envoy/extensions/load_balancing_policies/client_side_weighted_round_robin/v3/client_side_weighted_round_robin_pb.js';
import { file_envoy_extensions_load_balancing_policies_cluster_provided_v3_cluster_provided } from './envoy/extensions/load_balancing_policies/cluster_provided/v3/cluster_provided_pb.js';
import { file_envoy_extensions_load_balancing_policies_least_request_v3_least_request } from './envoy/extensions/load_balancing_policies/least_request/v3/least_request_pb.js';
import { file_envoy_extensions_load_balancing_policies_maglev_v3_maglev } from './envoy/extensions/load_balancing_policies/maglev/v3/maglev_pb.js';
import { file_envoy_extensions_load_balancing_policies_override_host_v3_override_host } from './envoy/extensions/load_balancing_policies/override_host/v3/override_host_pb.js';
import { file_envoy_extensions_load_balancing_policies_random_v3_random } from './envoy/extensions/load_balancing_policies/random/v3/random_pb.js';
import { file_envoy_extensions_load_balancing_policies_ring_hash_v3_ring_hash } from './envoy/extensions/load_balancing_policies/ring_hash/v3/ring_hash_pb.js';
import { file_envoy_extensions_load_balancing_policies_round_robin_v3_round_robin } from './envoy/extensions/load_balancing_policies/round_robin/v3/round_robin_pb.js';
import { file_envoy_extensions_load_balancing_policies_subset_v3_subset } from './envoy/extensions/load_balancing_policies/subset/v3/subset_pb.js';
import { file_envoy_extensions_load_balancing_policies_wrr_locality_v3_wrr_locality } from './envoy/extensions/load_balancing_policies/wrr_locality/v3/wrr_locality_pb.js';
import { file_envoy_extensions_matching_common_inputs_network_v3_network_inputs } from './envoy/extensions/matching/common_inputs/network/v3/network_inputs_pb.js';
import { file_envoy_extensions_matching_common_inputs_ssl_v3_ssl_inputs } from './envoy/extensions/matching/common_inputs/ssl/v3/ssl_inputs_pb.js';
import { file_envoy_extensions_matching_input_matchers_ip_v3_ip } from './envoy/extensions/matching/input_matchers/ip/v3/ip_pb.js';
import { file_envoy_extensions_path_match_uri_template_v3_uri_template_match } from './envoy/extensions/path/match/uri_template/v3/uri_template_match_pb.js';
import { file_envoy_extensions_path_rewrite_uri_template_v3_uri_template_rewrite } from './envoy/extensions/path/rewrite/uri_template/v3/uri_template_rewrite_pb.js';
import { file_envoy_extensions_rbac_audit_loggers_stream_v3_stream } from './envoy/extensions/rbac/audit_loggers/stream/v3/stream_pb.js';
import { file_envoy_extensions_request_id_uuid_v3_uuid } from './envoy/extensions/request_id/uuid/v3/uuid_pb.js';
import { file_envoy_extensions_retry_host_omit_canary_hosts_v3_omit_canary_hosts } from './envoy/extensions/retry/host/omit_canary_hosts/v3/omit_canary_hosts_pb.js';
import { file_envoy_extensions_retry_host_previous_hosts_v3_previous_hosts } from './envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb.js';
import { file_envoy_extensions_retry_priority_previous_priorities_v3_previous_priorities_config } from './envoy/extensions/retry/priority/previous_priorities/v3/previous_priorities_config_pb.js';
import { file_envoy_extensions_transport_sockets_internal_upstream_v3_internal_upstream } from './envoy/extensions/transport_sockets/internal_upstream/v3/internal_upstream_pb.js';
import { file_envoy_extensions_transport_sockets_proxy_protocol_v3_upstream_proxy_protocol } from './envoy/extensions/transport_sockets/proxy_protocol/v3/upstream_proxy_protocol_pb.js';
import { file_envoy_extensions_transport_sockets_raw_buffer_v3_raw_buffer } from './envoy/extensions/transport_sockets/raw_buffer/v3/raw_buffer_pb.js';
import { file_envoy_extensions_transport_sockets_tls_v3_tls } from './envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
import { file_envoy_extensions_transport_sockets_tls_v3_cert } from './envoy/extensions/transport_sockets/tls/v3/cert_pb.js';
import { file_envoy_extensions_transport_sockets_tls_v3_tls_spiffe_validator_config } from './envoy/extensions/transport_sockets/tls/v3/tls_spiffe_validator_config_pb.js';
import { file_envoy_extensions_upstreams_http_tcp_v3_tcp_connection_pool } from './envoy/extensions/upstreams/http/tcp/v3/tcp_connection_pool_pb.js';
import { file_envoy_extensions_upstreams_http_v3_http_protocol_options } from './envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
import { file_envoy_extensions_upstreams_tcp_v3_tcp_protocol_options } from './envoy/extensions/upstreams/tcp/v3/tcp_protocol_options_pb.js';
import { file_google_rpc_status } from './google/rpc/status_pb.js';
import { file_envoy_service_discovery_v3_discovery } from './envoy/service/discovery/v3/discovery_pb.js';
import { file_envoy_type_matcher_v3_http_inputs } from './envoy/type/matcher/v3/http_inputs_pb.js';
import { file_envoy_type_matcher_v3_status_code_input } from './envoy/type/matcher/v3/status_code_input_pb.js';
import { file_cel_expr_syntax } from './cel/expr/syntax_pb.js';
import { file_cel_expr_checked } from './cel/expr/checked_pb.js';
import { file_xds_type_v3_cel } from './xds/type/v3/cel_pb.js';
import { file_xds_type_matcher_v3_cel } from './xds/type/matcher/v3/cel_pb.js';
import { file_xds_type_matcher_v3_domain } from './xds/type/matcher/v3/domain_pb.js';
import { file_xds_type_matcher_v3_http_inputs } from './xds/type/matcher/v3/http_inputs_pb.js';
import { file_xds_type_matcher_v3_ip } from './xds/type/matcher/v3/ip_pb.js';
import { file_xds_type_v3_range } from './xds/type/v3/range_pb.js';
import { file_xds_type_matcher_v3_range } from './xds/type/matcher/v3/range_pb.js';
import { file_xds_type_v3_typed_struct } from './xds/type/v3/typed_struct_pb.js';

export const files = [
  file_envoy_config_core_v3_extension,
  file_envoy_config_core_v3_socket_option,
  file_envoy_config_core_v3_address,
  file_envoy_config_core_v3_backoff,
  file_envoy_config_core_v3_http_uri,
  file_envoy_type_v3_percent,
  file_envoy_type_v3_semantic_version,
  file_xds_core_v3_context_params,
  file_envoy_config_core_v3_base,
  file_envoy_type_matcher_v3_regex,
  file_xds_core_v3_extension,
  file_envoy_type_matcher_v3_string,
  file_envoy_config_common_mutation_rules_v3_mutation_rules,
  file_envoy_config_core_v3_substitution_format_string,
  file_envoy_config_core_v3_proxy_protocol,
  file_xds_core_v3_cidr,
  file_envoy_type_matcher_v3_address,
  file_envoy_type_matcher_v3_filter_state,
  file_envoy_type_v3_range,
  file_envoy_type_matcher_v3_number,
  file_envoy_type_matcher_v3_value,
  file_envoy_type_matcher_v3_metadata,
  file_envoy_type_metadata_v3_metadata,
  file_envoy_type_tracing_v3_custom_tag,
  file_envoy_type_v3_ratelimit_unit,
  file_xds_type_matcher_v3_regex,
  file_xds_type_matcher_v3_string,
  file_xds_type_matcher_v3_matcher,
  file_envoy_config_route_v3_route_components,
  file_envoy_data_accesslog_v3_accesslog,
  file_envoy_config_accesslog_v3_accesslog,
  file_envoy_config_cluster_v3_circuit_breaker,
  file_envoy_config_core_v3_grpc_service,
  file_xds_core_v3_authority,
  file_envoy_config_core_v3_config_source,
  file_envoy_config_cluster_v3_filter,
  file_envoy_config_cluster_v3_outlier_detection,
  file_envoy_config_core_v3_event_service_config,
  file_envoy_type_v3_http,
  file_envoy_config_core_v3_health_check,
  file_envoy_config_core_v3_protocol,
  file_envoy_config_core_v3_resolver,
  file_xds_core_v3_resource_locator,
  file_xds_core_v3_collection_entry,
  file_envoy_config_endpoint_v3_endpoint_components,
  file_envoy_config_endpoint_v3_endpoint,
  file_envoy_config_metrics_v3_stats,
  file_envoy_config_cluster_v3_cluster,
  file_envoy_config_listener_v3_api_listener,
  file_envoy_config_listener_v3_listener_components,
  file_envoy_config_core_v3_udp_socket_config,
  file_envoy_config_core_v3_socket_cmsg_headers,
  file_envoy_config_listener_v3_quic_config,
  file_envoy_config_listener_v3_udp_listener_config,
  file_envoy_config_listener_v3_listener,
  file_envoy_config_overload_v3_overload,
  file_envoy_config_trace_v3_http_tracer,
  file_envoy_extensions_transport_sockets_tls_v3_common,
  file_envoy_extensions_transport_sockets_tls_v3_secret,
  file_envoy_config_bootstrap_v3_bootstrap,
  file_envoy_config_common_matcher_v3_matcher,
  file_envoy_config_core_v3_cel,
  file_envoy_type_matcher_v3_path,
  file_google_api_expr_v1alpha1_syntax,
  file_google_api_expr_v1alpha1_checked,
  file_envoy_config_rbac_v3_rbac,
  file_envoy_config_route_v3_route,
  file_envoy_config_route_v3_scoped_route,
  file_envoy_extensions_access_loggers_file_v3_file,
  file_envoy_extensions_access_loggers_stream_v3_stream,
  file_envoy_extensions_clusters_common_dns_v3_dns,
  file_envoy_extensions_clusters_dns_v3_dns_cluster,
  file_envoy_config_common_key_value_v3_config,
  file_envoy_extensions_common_dynamic_forward_proxy_v3_dns_cache,
  file_envoy_extensions_clusters_dynamic_forward_proxy_v3_cluster,
  file_envoy_extensions_filters_common_fault_v3_fault,
  file_envoy_extensions_filters_common_set_filter_state_v3_value,
  file_envoy_extensions_filters_http_credential_injector_v3_credential_injector,
  file_envoy_extensions_filters_http_dynamic_forward_proxy_v3_dynamic_forward_proxy,
  file_envoy_type_v3_http_status,
  file_envoy_extensions_filters_http_ext_authz_v3_ext_authz,
  file_envoy_extensions_filters_http_fault_v3_fault,
  file_envoy_extensions_filters_http_header_mutation_v3_header_mutation,
  file_envoy_extensions_filters_http_jwt_authn_v3_config,
  file_envoy_type_v3_token_bucket,
  file_envoy_extensions_common_ratelimit_v3_ratelimit,
  file_envoy_extensions_filters_http_local_ratelimit_v3_local_rate_limit,
  file_envoy_extensions_filters_http_on_demand_v3_on_demand,
  file_envoy_config_ratelimit_v3_rls,
  file_envoy_extensions_filters_http_ratelimit_v3_rate_limit,
  file_envoy_extensions_filters_http_rbac_v3_rbac,
  file_envoy_type_http_v3_path_transformation,
  file_envoy_extensions_filters_network_http_connection_manager_v3_http_connection_manager,
  file_envoy_extensions_filters_http_router_v3_router,
  file_envoy_extensions_filters_http_set_filter_state_v3_set_filter_state,
  file_envoy_extensions_filters_http_stateful_session_v3_stateful_session,
  file_envoy_extensions_filters_http_upstream_codec_v3_upstream_codec,
  file_envoy_extensions_filters_listener_http_inspector_v3_http_inspector,
  file_envoy_extensions_filters_listener_original_dst_v3_original_dst,
  file_envoy_extensions_filters_listener_original_src_v3_original_src,
  file_envoy_extensions_filters_listener_proxy_protocol_v3_proxy_protocol,
  file_envoy_extensions_filters_listener_tls_inspector_v3_tls_inspector,
  file_envoy_extensions_filters_network_connection_limit_v3_connection_limit,
  file_envoy_extensions_filters_network_direct_response_v3_config,
  file_envoy_extensions_filters_network_ext_authz_v3_ext_authz,
  file_envoy_extensions_filters_network_local_ratelimit_v3_local_rate_limit,
  file_envoy_extensions_filters_network_rbac_v3_rbac,
  file_envoy_extensions_filters_network_set_filter_state_v3_set_filter_state,
  file_envoy_extensions_filters_network_sni_cluster_v3_sni_cluster,
  file_envoy_type_v3_hash_policy,
  file_envoy_extensions_filters_network_tcp_proxy_v3_tcp_proxy,
  file_envoy_extensions_formatter_metadata_v3_metadata,
  file_envoy_extensions_formatter_req_without_query_v3_req_without_query,
  file_envoy_extensions_http_early_header_mutation_header_mutation_v3_header_mutation,
  file_envoy_extensions_http_injected_credentials_generic_v3_generic,
  file_envoy_extensions_http_original_ip_detection_custom_header_v3_custom_header,
  file_envoy_extensions_http_original_ip_detection_xff_v3_xff,
  file_envoy_type_http_v3_cookie,
  file_envoy_extensions_http_stateful_session_cookie_v3_cookie,
  file_envoy_extensions_http_stateful_session_header_v3_header,
  file_envoy_extensions_load_balancing_policies_common_v3_common,
  file_envoy_extensions_load_balancing_policies_client_side_weighted_round_robin_v3_client_side_weighted_round_robin,
  file_envoy_extensions_load_balancing_policies_cluster_provided_v3_cluster_provided,
  file_envoy_extensions_load_balancing_policies_least_request_v3_least_request,
  file_envoy_extensions_load_balancing_policies_maglev_v3_maglev,
  file_envoy_extensions_load_balancing_policies_override_host_v3_override_host,
  file_envoy_extensions_load_balancing_policies_random_v3_random,
  file_envoy_extensions_load_balancing_policies_ring_hash_v3_ring_hash,
  file_envoy_extensions_load_balancing_policies_round_robin_v3_round_robin,
  file_envoy_extensions_load_balancing_policies_subset_v3_subset,
  file_envoy_extensions_load_balancing_policies_wrr_locality_v3_wrr_locality,
  file_envoy_extensions_matching_common_inputs_network_v3_network_inputs,
  file_envoy_extensions_matching_common_inputs_ssl_v3_ssl_inputs,
  file_envoy_extensions_matching_input_matchers_ip_v3_ip,
  file_envoy_extensions_path_match_uri_template_v3_uri_template_match,
  file_envoy_extensions_path_rewrite_uri_template_v3_uri_template_rewrite,
  file_envoy_extensions_rbac_audit_loggers_stream_v3_stream,
  file_envoy_extensions_request_id_uuid_v3_uuid,
  file_envoy_extensions_retry_host_omit_canary_hosts_v3_omit_canary_hosts,
  file_envoy_extensions_retry_host_previous_hosts_v3_previous_hosts,
  file_envoy_extensions_retry_priority_previous_priorities_v3_previous_priorities_config,
  file_envoy_extensions_transport_sockets_internal_upstream_v3_internal_upstream,
  file_envoy_extensions_transport_sockets_proxy_protocol_v3_upstream_proxy_protocol,
  file_envoy_extensions_transport_sockets_raw_buffer_v3_raw_buffer,
  file_envoy_extensions_transport_sockets_tls_v3_tls,
  file_envoy_extensions_transport_sockets_tls_v3_cert,
  file_envoy_extensions_transport_sockets_tls_v3_tls_spiffe_validator_config,
  file_envoy_extensions_upstreams_http_tcp_v3_tcp_connection_pool,
  file_envoy_extensions_upstreams_http_v3_http_protocol_options,
  file_envoy_extensions_upstreams_tcp_v3_tcp_protocol_options,
  file_google_rpc_status,
  file_envoy_service_discovery_v3_discovery,
  file_envoy_type_matcher_v3_http_inputs,
  file_envoy_type_matcher_v3_status_code_input,
  file_cel_expr_syntax,
  file_cel_expr_checked,
  file_xds_type_v3_cel,
  file_xds_type_matcher_v3_cel,
  file_xds_type_matcher_v3_domain,
  file_xds_type_matcher_v3_http_inputs,
  file_xds_type_matcher_v3_ip,
  file_xds_type_v3_range,
  file_xds_type_matcher_v3_range,
  file_xds_type_v3_typed_struct,
];
