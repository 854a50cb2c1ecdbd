import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bootstrapFor } from './bootstrap.ts';
import { envoyArgs } from './envoy-args.ts';
import { BootstrapError, type BootstrapOptions, type Json, type SecureControlPlane } from './options.ts';
import { rootsSecret, tokenSecret } from './secret-files.ts';

const node = { id: 'reviews-0.bookstore', cluster: 'bookstore/reviews' };
const controlPlane: SecureControlPlane = {
  kind: 'tls',
  addresses: [{ host: 'control-plane.dot-kube-system.svc', port: 15_012 }],
  serverNames: [{ kind: 'dns', value: 'control-plane.dot-kube-system.svc' }],
  roots: { path: '/var/run/dot-kube/roots.json' },
  token: { path: '/var/run/dot-kube/token.json', watchedDirectory: '/var/run/tokens' },
};
const bootstrap = (more: Partial<BootstrapOptions> = {}): Json => bootstrapFor({ node, controlPlane, ...more });

/** The value at a path of keys and indexes. */
const at = (json: Json | undefined, ...path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, Json>)[key] : undefined),
    json,
  );
const cluster = (json: Json, index = 0): Json | undefined => at(json, 'static_resources', 'clusters', index);
const tls = (json: Json): Json | undefined => at(cluster(json), 'transport_socket', 'typed_config');

describe('the connection to the control plane', () => {
  test('is one delta ADS stream for all types, and listeners and clusters are waited for', () => {
    const dynamic = at(bootstrap(), 'dynamic_resources');
    assert.equal(at(dynamic, 'ads_config', 'api_type'), 'DELTA_GRPC');
    const ads = { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '0s' };
    assert.deepEqual([at(dynamic, 'lds_config'), at(dynamic, 'cds_config')], [ads, ads]);
    const without = at(bootstrap({ clusterDiscovery: false, initialFetchTimeoutMs: 1500 }), 'dynamic_resources');
    assert.equal(at(without, 'cds_config'), undefined);
    assert.equal(at(without, 'lds_config', 'initial_fetch_timeout'), '1.5s');
  });

  test('verifies the name of the server with roots that are watched', () => {
    const context = at(tls(bootstrap()), 'common_tls_context', 'combined_validation_context');
    assert.deepEqual(at(context, 'default_validation_context', 'match_typed_subject_alt_names'), [
      { san_type: 'DNS', matcher: { exact: 'control-plane.dot-kube-system.svc' } },
    ]);
    assert.deepEqual(at(context, 'validation_context_sds_secret_config', 'sds_config', 'path_config_source'), {
      path: '/var/run/dot-kube/roots.json',
      watched_directory: { path: '/var/run/dot-kube' },
    });
    assert.equal(at(tls(bootstrap()), 'sni'), 'control-plane.dot-kube-system.svc');
  });

  test('has no server name indication when the server is known by its URI only', () => {
    const serverNames = [{ kind: 'uri', value: 'spiffe://a/ns/b/sa/c' }] as const;
    assert.equal(at(tls(bootstrap({ controlPlane: { ...controlPlane, serverNames } })), 'sni'), undefined);
    assert.equal(at(tls(bootstrap({ controlPlane: { ...controlPlane, serverNames, sni: 'x' } })), 'sni'), 'x');
  });

  test('carries the token, overwritten in every stream, from a directory that is watched', () => {
    const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
    const filters = at(cluster(bootstrap()), 'typed_extension_protocol_options', options, 'http_filters');
    const injector = at(filters, 0, 'typed_config');
    assert.equal(at(injector, 'overwrite'), true);
    assert.equal(at(injector, 'allow_request_without_credential'), undefined);
    assert.deepEqual(
      at(injector, 'credential', 'typed_config', 'credential', 'sds_config', 'path_config_source', 'watched_directory'),
      { path: '/var/run/tokens' },
    );
    assert.equal(at(filters, 1, 'name'), 'envoy.filters.http.upstream_codec');
  });

  test('takes addresses as they are, and names as the replicas that they stand for', () => {
    const addresses = [
      { host: '10.0.0.1', port: 1 },
      { host: '::1', port: 2 },
    ];
    const fixed = cluster(bootstrap({ controlPlane: { ...controlPlane, addresses } }));
    assert.equal(at(fixed, 'type'), 'STATIC');
    assert.deepEqual(at(fixed, 'load_assignment', 'endpoints', 0, 'lb_endpoints', 1, 'endpoint', 'address'), {
      socket_address: { address: '::1', port_value: 2 },
    });
    assert.equal(at(cluster(bootstrap()), 'cluster_type', 'name'), 'envoy.clusters.dns');
  });

  test('takes expressions of any length that a path may have, unless it is told another limit', () => {
    const flag = 're2.max_program_size.error_level';
    const limit = (json: Json): Json | undefined => at(json, 'layered_runtime', 'layers', 0, 'static_layer', flag);
    assert.equal(limit(bootstrap()), 100_000);
    assert.equal(limit(bootstrap({ runtime: { [flag]: 5 } })), 5);
  });

  test('has a second entry and the feature flag for it when there is a standby, and neither otherwise', () => {
    const flag = 'envoy.restart_features.xds_failover_support';
    const names = (json: Json): readonly (Json | undefined)[] =>
      [0, 1].map((index) =>
        at(json, 'dynamic_resources', 'ads_config', 'grpc_services', index, 'envoy_grpc', 'cluster_name'),
      );
    const layer = (json: Json): Json | undefined => at(json, 'layered_runtime', 'layers', 0, 'static_layer', flag);
    const both = bootstrap({ standby: controlPlane });
    assert.deepEqual(names(both), ['dot-kube-control-plane', 'dot-kube-standby']);
    assert.equal(layer(both), true);
    assert.equal(at(cluster(both, 1), 'name'), 'dot-kube-standby');
    assert.deepEqual(names(bootstrap()), ['dot-kube-control-plane', undefined]);
    assert.equal(layer(bootstrap()), undefined);
    assert.equal(layer(bootstrap({ standby: controlPlane, runtime: { [flag]: false } })), false);
  });

  test('gives up early on a control plane that is silent when there is a standby to ask', () => {
    const timeouts = (json: Json) => [0, 1].map((index) => at(cluster(json, index), 'connect_timeout'));
    assert.deepEqual(timeouts(bootstrap()), ['5s', undefined]);
    assert.deepEqual(timeouts(bootstrap({ standby: controlPlane })), ['0.4s', '5s']);
    const patient = { ...controlPlane, connectTimeoutMs: 3000 };
    assert.deepEqual(timeouts(bootstrap({ controlPlane: patient, standby: controlPlane })), ['3s', '5s']);
  });
});

describe('what would open what must be closed is refused', () => {
  const plaintext = (host: string) => ({ kind: 'plaintext', addresses: [{ host, port: 1 }] }) as const;
  const cases: Readonly<Record<string, { readonly options: Partial<BootstrapOptions>; readonly field: string }>> = {
    'an admin interface that others can reach': {
      options: { admin: { kind: 'tcp', address: '0.0.0.0', port: 15_000 } },
      field: 'admin.address',
    },
    'plaintext to an address that is not loopback': {
      options: { controlPlane: plaintext('10.0.0.1') },
      field: 'controlPlane.addresses',
    },
    'plaintext to a name that only looks like loopback': {
      options: { standby: plaintext('127.0.0.1.example.com') },
      field: 'standby.addresses',
    },
    'a control plane without a name': {
      options: { controlPlane: { ...controlPlane, serverNames: [] } },
      field: 'controlPlane.serverNames',
    },
    'a control plane without an address': {
      options: { controlPlane: { ...controlPlane, addresses: [] } },
      field: 'controlPlane.addresses',
    },
    'a port that is none': { options: { probes: { port: 65_536 } }, field: 'probes.port' },
  };
  for (const [name, { options, field }] of Object.entries(cases)) {
    test(name, () => {
      assert.throws(
        () => bootstrap(options),
        (error) => error instanceof BootstrapError && error.field === field,
      );
    });
  }

  test('but loopback is not', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) bootstrap({ controlPlane: plaintext(host) });
  });
});

test('equal options give equal bytes, in whatever order', () => {
  const one = bootstrap({ runtime: { b: 1, a: 2 }, stats: { kind: 'only', prefixes: ['b', 'a'] } });
  const other = bootstrap({ stats: { kind: 'only', prefixes: ['a', 'b'] }, runtime: { a: 2, b: 1 } });
  assert.equal(JSON.stringify(one), JSON.stringify(other));
});

test('a limit of the heap frees memory first and refuses connections last', () => {
  const manager = at(bootstrap({ limits: { heapBytes: 1000 } }), 'overload_manager');
  const triggers = [0, 1, 2].map((index) => [
    at(manager, 'actions', index, 'name'),
    at(manager, 'actions', index, 'triggers', 0, 'threshold', 'value'),
  ]);
  assert.deepEqual(triggers, [
    ['envoy.overload_actions.shrink_heap', 0.9],
    ['envoy.overload_actions.stop_accepting_requests', 0.95],
    ['envoy.overload_actions.stop_accepting_connections', 0.98],
  ]);
  assert.equal(at(bootstrap(), 'overload_manager'), undefined);
});

test('a secret is in its SDS file, or in a file of its own', () => {
  const token = tokenSecret({ kind: 'file', path: '/var/run/tokens/token' });
  assert.deepEqual(at(token, 'resources', 0, 'generic_secret', 'secret'), { filename: '/var/run/tokens/token' });
  const roots = rootsSecret({ kind: 'inline', text: 'PEM' });
  assert.deepEqual(at(roots, 'resources', 0, 'validation_context', 'trusted_ca'), { inline_string: 'PEM' });
});

test('open connections of a replaced filter chain are closed after a second', () => {
  const args = envoyArgs({ configPath: '/b.json' }).join(' ');
  assert.match(args, /^--config-path \/b\.json --concurrency 1 --log-level warning/);
  assert.match(args, / --drain-time-s 1 --drain-strategy immediate /);
  assert.match(args, / --disable-hot-restart$/);
});
