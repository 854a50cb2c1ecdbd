import { request as requestHttp } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { typeUrls } from '@dot-kube/proxy/xds';
import { AdsClient } from '@dot-kube/proxy/xds/testing';
import type { Check } from '../../fault.ts';
import { nothing } from '../../harness/checks.ts';
import { listeningPorts } from './listeners.ts';
import { everythingFor, keysIn } from './seen.ts';
import type { TenantMesh } from './tenant-mesh.ts';

export const PLAIN = 'ports that serve xDS without TLS';
export const HEALTH = 'what the health port shows to the network';

const DELTA = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';

/** What is known to leak elsewhere. */
const DEBUG_PATHS = [
  '/debug/proxies',
  '/debug/proxies?x=1',
  '//debug/proxies',
  '/debug/../debug/proxies',
  '/debug/configz',
  '/debug/syncz',
  '/debug/config_dump',
  '/debug/pprof/heap',
  '/debug/endpointz',
  '/config_dump',
  '/certs',
  '/',
  '/metrics',
  '/livez',
  '/readyz?verbose',
  '/healthz',
];

/** Callers who say that they are somebody else. */
const DISGUISES = [{}, { host: 'localhost' }, { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' }];

/** Everything that the control plane listens on, as its default flags have it. */
export async function ports(mesh: TenantMesh): Promise<readonly Check[]> {
  const { operator } = mesh;
  const open = await listeningPorts(operator.process.pid);
  const plain: string[] = [];
  for (const port of open) if (await servesWithoutTls(mesh, port)) plain.push(String(port));
  return [
    {
      ...nothing(PLAIN, plain),
      measured:
        plain.length === 0
          ? `none of ${open.length}: ${open.map((port) => nameOf(mesh, port)).join(', ')}`
          : plain.join(', '),
    },
    nothing(HEALTH, await shownByHealth(mesh), 'no proxy, no policy, no key, no token'),
    nothing('who answers without a good token', await answersToStrangers(mesh), 'nobody, with 16 or 12'),
    nothing('the replicas’ port with a workload’s certificate', await servesReplicas(mesh, open), 'is not served'),
  ];
}

function nameOf({ operator }: TenantMesh, port: number): string {
  if (port === operator.xdsPort) return 'xDS';
  return port === operator.healthPort ? 'health' : 'replicas';
}

async function servesWithoutTls({ tenants: [tenant] }: TenantMesh, port: number): Promise<boolean> {
  await using client = new AdsClient({ port, token: tenant?.token ?? '', nodeId: tenant?.id ?? '' });
  client.subscribe(typeUrls.cluster);
  await client.until(() => client.ended !== undefined || client.responses.length > 0, 3000).catch(() => undefined);
  return client.responses.length > 0;
}

async function shownByHealth({ operator, outerAddress, tenants }: TenantMesh): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of DEBUG_PATHS) {
    for (const headers of DISGUISES) {
      const body = await bodyOf(outerAddress, operator.healthPort, path, headers);
      const secrets = [
        /PRIVATE KEY/,
        /eyJ[\w-]{20,}/,
        /markerof/,
        ...tenants.map(({ spiffeId }) => new RegExp(spiffeId)),
      ];
      if (secrets.some((secret) => secret.test(body)) || tenants.some(({ id }) => body.includes(id)))
        found.push(`${path} ${JSON.stringify(headers)}`);
    }
  }
  // The same question from its own host is answered, or it is not asked.
  const inside = await bodyOf('127.0.0.1', operator.healthPort, '/debug/proxies', {});
  if (!inside.includes('expected')) found.push('/debug/proxies does not answer on loopback either');
  return found;
}

function bodyOf(host: string, port: number, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = requestHttp({ host, port, path, headers, timeout: 3000 }, (response) => {
      text(response).then(resolve, reject);
    });
    sent.once('timeout', () => sent.destroy(new Error(`no answer from ${path}`)));
    sent.once('error', reject);
    sent.end();
  });
}

/** Calls without a token, and calls of what is not served. */
async function answersToStrangers(mesh: TenantMesh): Promise<readonly string[]> {
  const token = mesh.tenants[0]?.token ?? '';
  const found: string[] = [];
  const expect = async (title: string, status: string, options: Parameters<TenantMesh['outcomeOf']>[0]) => {
    const outcome = await mesh.outcomeOf(options);
    if (outcome !== status) found.push(`${title}: ${outcome}`);
  };
  await expect('no token', '16', { token: '' });
  await expect('garbage', '16', { token: 'garbage' });
  await expect('basic', '16', { token: '', headers: { authorization: `Basic ${token}` } });
  for (const service of [
    'discovery.v3.AggregatedDiscoveryService/Stream',
    'secret.v3.SecretDiscoveryService/Delta',
    'secret.v3.SecretDiscoveryService/Stream',
    'secret.v3.SecretDiscoveryService/Fetch',
    'status.v3.ClientStatusDiscoveryService/Fetch',
    'cluster.v3.ClusterDiscoveryService/Delta',
    'listener.v3.ListenerDiscoveryService/Delta',
  ])
    await expect(service, '12', {
      token,
      path: `/envoy.service.${service}${service.includes('Secret') ? 'Secrets' : 'AggregatedResources'}`,
    });
  await expect('reflection', '12', { token, path: '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo' });
  await expect('another case', '12', { token, path: DELTA.toLowerCase() });
  return found;
}

/** Replicas know each other by a certificate that no workload has. */
async function servesReplicas(mesh: TenantMesh, open: readonly number[]): Promise<readonly string[]> {
  const { operator, roots, tenants } = mesh;
  const port = open.find((each) => each !== operator.xdsPort && each !== operator.healthPort);
  if (port === undefined) return ['it is not open'];
  const [tenant] = tenants;
  await using client = mesh.client({ token: tenant?.token ?? '', nodeId: tenant?.id ?? '' });
  const secret = (await everythingFor(client, ['identity'])).get(typeUrls.secret) ?? '';
  const [key] = keysIn(secret);
  const cert = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(secret)?.[0];
  if (key === undefined || cert === undefined) return ['no certificate to try it with'];
  const found: string[] = [];
  for (const [who, credentials] of Object.entries({ nobody: {}, workload: { cert, key } })) {
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      ca: roots,
      ALPNProtocols: ['h2'],
      checkServerIdentity: () => undefined,
      ...credentials,
    });
    socket.on('error', () => undefined);
    const session = connectHttp2('https://replica', { createConnection: () => socket });
    session.on('error', () => undefined);
    const stream = session.request({ ':path': '/report' });
    stream.on('error', () => undefined);
    const answered = await new Promise<boolean>((resolve) => {
      stream.once('response', () => resolve(true));
      stream.once('close', () => resolve(false));
      session.once('close', () => resolve(false));
      setTimeout(() => resolve(false), 3000).unref();
    });
    if (answered) found.push(`${who} is answered`);
    session.destroy();
  }
  return found;
}
