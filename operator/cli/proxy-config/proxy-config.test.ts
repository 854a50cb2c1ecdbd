import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redacted, resourcesOf, SECTIONS } from './dump.ts';
import { objectOf } from './object-of.ts';
import { proxyConfigReport, proxyConfigText } from './proxy-config-text.ts';
import { lifeText } from './tables.ts';

const address = (host: string, port: number) => ({ socket_address: { address: host, port_value: port } });
const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}`;
const backend = (host: string, status: string, match?: object) => ({
  endpoint: { address: address(host, 8080) },
  health_status: status,
  load_balancing_weight: 1,
  ...(match && { metadata: { filter_metadata: { 'envoy.transport_socket_match': match } } }),
});

/** What an Envoy 1.40 dumps, with little of it. */
const DUMP = {
  configs: [
    { '@type': type('BootstrapConfigDump'), bootstrap: {} },
    {
      '@type': type('ClustersConfigDump'),
      static_clusters: [{ cluster: { name: 'dot-kube-control-plane', type: 'STATIC' } }],
      dynamic_active_clusters: [
        { version_info: 'b', cluster: { name: 'shop/reviews:8080|version=v2', type: 'EDS' } },
        {
          version_info: 'a',
          cluster: {
            name: '10.96.200.88:7070',
            type: 'EDS',
            transport_socket_matches: [
              { transport_socket: { typed_config: { sni: 'ledger.shop.tcp.mesh.dot-kube.internal' } } },
            ],
          },
        },
      ],
    },
    {
      '@type': type('EndpointsConfigDump'),
      dynamic_endpoint_configs: [
        {
          endpoint_config: {
            cluster_name: '10.96.200.88:7070',
            endpoints: [
              { lb_endpoints: [backend('10.0.0.1', 'HEALTHY', { mtls: '1' }), backend('fd00::1', 'UNHEALTHY')] },
              { locality: { region: 'mtls' }, lb_endpoints: [backend('10.0.0.3', 'HEALTHY')] },
            ],
          },
        },
      ],
    },
    {
      '@type': type('ListenersConfigDump'),
      dynamic_listeners: [
        {
          name: 'inbound',
          active_state: {
            version_info: 'c',
            listener: {
              name: 'inbound',
              address: address('0.0.0.0', 15006),
              filter_chains: [{ name: 'inbound/8080/http' }],
              default_filter_chain: {},
            },
          },
          error_state: { details: 'no such filter' },
        },
      ],
    },
    {
      '@type': type('RoutesConfigDump'),
      dynamic_route_configs: [
        {
          route_config: {
            name: 'shop/reviews:8080',
            virtual_hosts: [
              {
                domains: ['*'],
                routes: [
                  {
                    match: { path_separated_prefix: '/beta', headers: [{ name: 'x-user' }] },
                    route: {
                      weighted_clusters: { clusters: [{ name: 'a', weight: 90 }, { name: 'b' }] },
                      retry_policy: { num_retries: 2 },
                    },
                  },
                  { match: { prefix: '/' }, direct_response: { status: 503 } },
                ],
              },
            ],
          },
        },
      ],
    },
    {
      '@type': type('SecretsConfigDump'),
      dynamic_active_secrets: [
        { name: 'identity', secret: { name: 'identity', tls_certificate: { private_key: { inline_string: 'KEY' } } } },
        {
          name: 'dot-kube-token',
          secret: { name: 'dot-kube-token', generic_secret: { secret: { inline_string: 'TOKEN' } } },
        },
      ],
    },
  ],
};

test('each resource is told of with the object that it comes from', () => {
  const text = proxyConfigText(proxyConfigReport(DUMP, SECTIONS), 'none', 0);
  const lines = text.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  '));
  assert.deepEqual(lines, [
    'LISTENER  ADDRESS  FILTER CHAINS  VERSION',
    'inbound  0.0.0.0:15006  inbound/8080/http, default  c',
    '',
    'inbound was refused later: no such filter',
    '',
    'ROUTES  OBJECT  HOSTS  MATCH  TO  RETRIES',
    'shop/reviews:8080  Service shop/reviews  *  /beta x-user  90: a, 0: b  2',
    'shop/reviews:8080  Service shop/reviews  *  /  answers 503',
    '',
    'CLUSTER  OBJECT  TYPE  VERSION',
    '10.96.200.88:7070  Service shop/ledger  EDS  a',
    'dot-kube-control-plane  STATIC',
    'shop/reviews:8080|version=v2  Service shop/reviews  EDS  b',
    '',
    'CLUSTER  OBJECT  ENDPOINT  HEALTH  WEIGHT  TLS',
    '10.96.200.88:7070  Service shop/ledger  10.0.0.1:8080  HEALTHY  1  mutual',
    '10.96.200.88:7070  Service shop/ledger  [fd00::1]:8080  UNHEALTHY  1',
    '10.96.200.88:7070  Service shop/ledger  10.0.0.3:8080  HEALTHY  1  mutual',
    '',
    'SECRET  KIND',
    'dot-kube-token  secret',
    'identity  secret',
    '',
  ]);
});

test('keys and tokens are in no answer', () => {
  const text = JSON.stringify(proxyConfigReport(DUMP, SECTIONS));
  assert.doesNotMatch(text, /KEY|TOKEN/);
  assert.deepEqual(redacted([{ password: { inline_string: 'x' }, name: 'a' }]), [
    { password: '[redacted]', name: 'a' },
  ]);
});

test('a section that a dump has not is empty', () => {
  assert.deepEqual(resourcesOf({}, 'routes'), []);
  assert.match(proxyConfigText(proxyConfigReport({}, ['routes']), 'none', 0), /^no routes\n$/);
});

test('names say which object they are of', () => {
  assert.deepEqual(
    [
      'shop/reviews:80',
      'shop/reviews:80|version=v1,tier=a',
      'inbound/8080',
      'inbound/other',
      'elsewhere',
      'outbound/10.0.0.1:80',
    ].map(objectOf),
    [
      'Service shop/reviews',
      'Service shop/reviews',
      'this pod, port 8080',
      'this pod, any other port',
      undefined,
      undefined,
    ],
  );
});

test('how long something lasts is told in the unit that matters', () => {
  const hour = 3_600_000;
  assert.deepEqual([-1, 30_000, hour, 3 * hour, 71 * hour, 72 * hour].map(lifeText), [
    'expired',
    '0 min',
    '60 min',
    '3 h',
    '71 h',
    '3 d',
  ]);
});
