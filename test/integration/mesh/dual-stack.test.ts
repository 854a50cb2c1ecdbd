import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import type { KubernetesObject } from '../../../operator/framework/index.ts';
import { runCommand } from '../../../operator/local/tools/command.ts';
import type { MeshPod, NetworkPod } from '../harness/index.ts';
import { eventually } from '../in-cluster/eventually.ts';
import {
  askOnce,
  endpoints,
  NAMESPACE,
  NFT_FOR_BOTH_FAMILIES,
  policy,
  type PortSpec,
  RealMesh,
  serveEcho,
  serveHttp1,
  service,
} from './harness/index.ts';

const VIP = { ipv4: '10.96.0.1', ipv6: 'fd00:10:96::1' } as const;
const ONLY_IPV6 = 'fd00:10:96::2';
const FAMILIES = ['ipv4', 'ipv6'] as const;
const PORTS = [
  { port: 80, targetPort: 8080, appProtocol: 'http' },
  { port: 81, targetPort: 8081, appProtocol: 'http' },
  { port: 7070, appProtocol: 'tcp' },
] satisfies readonly PortSpec[];
/** Nobody declares it. */
const UNDECLARED = 7999;

const { capture, skip } = NFT_FOR_BOTH_FAMILIES;

describe('pods and Services with addresses of both families', { skip }, () => {
  const scope = new AsyncDisposableStack();
  let mesh: RealMesh;
  let web: MeshPod;
  let api: MeshPod;
  let other: MeshPod;
  let stranger: NetworkPod;

  before(async () => {
    mesh = scope.use(await RealMesh.start({ hasIpv6: true, ...(capture === undefined ? {} : { capture }) }));
    web = await mesh.pod({ app: 'web' });
    api = await mesh.pod({ app: 'api', ports: [{ containerPort: 8080 }] });
    other = await mesh.pod({ app: 'api', name: 'api-1', ports: [{ containerPort: 8080 }] });
    stranger = await mesh.network.pod(99);
    await inside(stranger, 'nft', 'flush', 'ruleset');
    for (const pod of [api, other]) {
      await serveHttp1(pod.application, 8080);
      // As nginx does with `listen [::]:8081`.
      await serveHttp1(pod.application, 8081, '::1');
      await serveEcho(pod.application, 7070);
      await serveHttp1(pod.application, UNDECLARED, '::');
    }
    await mesh.apply(
      dualStack(service('api', VIP.ipv4, PORTS), [VIP.ipv4, VIP.ipv6]),
      dualStack(service('six', ONLY_IPV6, PORTS, 'api'), [ONLY_IPV6]),
      endpoints('api', [api, other], PORTS),
      ipv6Endpoints('api', [api, other]),
      ipv6Endpoints('six', [api]),
    );
    for (const address of [VIP.ipv4, VIP.ipv6, ONLY_IPV6])
      await eventually(
        () => web.call(address, 80),
        ({ status }) => status === 200,
      );
  });
  after(() => scope.disposeAsync());

  const echoed = (host: string) => askOnce(() => web.application.connect(host, 7070), 'hello');

  for (const family of FAMILIES) {
    test(`HTTP and TCP reach a Service by its ${family} address, with mutual TLS`, async () => {
      const { status, headers, body } = await web.call(VIP[family], 80);
      assert.equal(status, 200, JSON.stringify(headers));
      assert.match(String((JSON.parse(body) as Record<string, unknown>)['x-forwarded-client-cert']), /sa\/web/);
      assert.equal(await echoed(VIP[family]), 'hello');
    });

    test(`an application that listens on IPv6 alone is reached by ${family}`, async () => {
      assert.equal((await web.call(VIP[family], 81)).status, 200);
    });

    test(`TCP goes to pods over ${family} when ${family} was dialled, as policies by address see`, async () => {
      const block = family === 'ipv4' ? web.ip : web.application.ipv6;
      const deny = policy('AuthorizationPolicy', 'by-address', {
        selector: { matchLabels: { app: 'api' } },
        action: 'Deny',
        rules: [{ from: [{ ipBlocks: [block] }], to: [{ ports: [7070] }] }],
      });
      await mesh.inForce(deny);
      const [same, another] = family === 'ipv4' ? [VIP.ipv4, VIP.ipv6] : [VIP.ipv6, VIP.ipv4];
      assert.equal(await echoed(same), undefined);
      assert.equal(await echoed(another), 'hello');
      await mesh.delete(deny);
      await eventually(
        () => echoed(same),
        (answer) => answer === 'hello',
      );
    });

    test(`a port that nobody declares is reached at the pod's ${family} address`, async () => {
      assert.equal((await web.call(family === 'ipv4' ? api.ip : api.application.ipv6, UNDECLARED)).status, 200);
    });

    test(`Strict keeps plain text over ${family} out, which Permissive takes`, async () => {
      const host = family === 'ipv4' ? api.ip : api.application.ipv6;
      assert.equal(await statusOf(stranger, host, 8080), 200);
      const strict = policy('MeshPolicy', 'strict', { mtls: { mode: 'Strict' } });
      await mesh.inForce(strict);
      await assert.rejects(statusOf(stranger, host, 8080));
      assert.equal((await web.call(VIP[family], 80)).status, 200);
      await mesh.delete(strict);
      await eventually(
        () => statusOf(stranger, host, 8080).catch(() => 0),
        (status) => status === 200,
      );
    });

    test(`a pod that calls its own Service by ${family} gets through its own proxy`, async () => {
      const answers = await Promise.all(Array.from({ length: 6 }, () => api.call(VIP[family], 80)));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 200, 200, 200],
      );
    });
  }

  test('a Service with an IPv6 address alone is called like any other', async () => {
    assert.equal((await web.call(ONLY_IPV6, 80)).status, 200);
    assert.equal(await echoed(ONLY_IPV6), 'hello');
  });

  test('a pod is one endpoint, whatever addresses it has', async () => {
    const hosts = (await web.proxy.admin('/clusters')).split('\n').filter((line) => line.includes('::cx_total::'));
    const addressesOf = (cluster: string) =>
      hosts.flatMap((line) =>
        line.startsWith(`${cluster}::`) ? [line.slice(cluster.length + 2).replace(/::cx_total.*/, '')] : [],
      );
    assert.deepEqual(addressesOf(`${NAMESPACE}/api:80`).sort(), [`${api.ip}:8080`, `${other.ip}:8080`].sort());
    assert.deepEqual(
      addressesOf(`[${VIP.ipv6}]:7070`).sort(),
      [`[${api.application.ipv6}]:7070`, `[${other.application.ipv6}]:7070`].sort(),
    );
  });

  test('where one family of a pod is not reached, its other one is', async () => {
    await ip(api, 'del');
    await ip(other, 'del');
    assert.equal(await echoed(VIP.ipv6), 'hello');
    await ip(api, 'add');
    await ip(other, 'add');
  });
});

function dualStack(object: ReturnType<typeof service>, clusterIPs: readonly string[]): KubernetesObject {
  const ipFamilies = clusterIPs.map((address) => (address.includes(':') ? 'IPv6' : 'IPv4'));
  return { ...object, spec: { ...object.spec, clusterIPs, ipFamilies } };
}

function ipv6Endpoints(serviceName: string, pods: readonly MeshPod[]): KubernetesObject {
  const slice = endpoints(
    serviceName,
    pods.map(({ name, application }) => ({ name, ip: application.ipv6 })),
    PORTS,
  );
  return {
    ...slice,
    metadata: { ...slice.metadata, name: `${serviceName}-6` },
    addressType: 'IPv6',
  } as KubernetesObject;
}

/** Takes a pod's IPv6 address away, or gives it back. */
async function ip({ application }: MeshPod, what: 'add' | 'del'): Promise<void> {
  const nodad = what === 'add' ? ['nodad'] : [];
  await inside(application, 'ip', '-6', 'address', what, `${application.ipv6}/64`, 'dev', 'eth0', ...nodad);
}

async function inside({ holderPid }: NetworkPod, ...line: readonly string[]): Promise<void> {
  const { exitCode, tail } = await runCommand('nsenter', [`--net=/proc/${holderPid}/ns/net`, '--', ...line]);
  if (exitCode !== 0) throw new Error(tail);
}

function statusOf(pod: NetworkPod, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, agent: pod.agent(), timeout: 5000 }, (response) => {
      text(response).then(() => resolve(response.statusCode ?? 0), reject);
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer')));
    sent.once('error', reject);
    sent.end();
  });
}
