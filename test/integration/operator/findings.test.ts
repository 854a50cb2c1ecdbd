import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { typeUrls } from '@dot-kube/proxy/xds';
import { AdsClient } from '@dot-kube/proxy/xds/testing';
import { definitionOf, FINDING_CODES, type FindingCode } from '../../../operator/findings/index.ts';
import { type Condition, findCondition, type KubernetesObject } from '../../../operator/framework/index.ts';
import { parseManifests } from '../../../operator/validation/index.ts';
import { MeshCluster, type OperatorProcess, ROOT, startOperator } from '../harness/index.ts';

const GOLDEN = join(ROOT, 'test', 'golden', 'findings');
const NAMESPACE = 'shop';
const WEB = { namespace: NAMESPACE, name: 'web-0', app: 'web', ip: '10.244.0.9' };

/** Two Services with one address: the API server does not take the second one, so that only local meshes have them. */
const REFUSED_BY_SERVER: FindingCode = 'DK2202';

/**
 * What the API server takes, and only the operator finds: the rest never gets there (see the parity of validation). DK4… are
 * about the injection into pods.
 */
const STORED = FINDING_CODES.filter((code) => definitionOf(code).effect !== 'unstored' && code < 'DK4');

/** The bad example of a code, with what a real API server asks for besides. */
function exampleOf(code: FindingCode): readonly KubernetesObject[] {
  const { manifests } = parseManifests(readFileSync(join(GOLDEN, code, 'bad.yaml'), 'utf8'));
  return manifests.map(({ object }) => withImages(object as unknown as KubernetesObject));
}

function withImages(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Pod') return object;
  const spec = object.spec as { readonly containers: readonly object[] };
  const containers = spec.containers.map((each) => ({ image: 'x', ...each }));
  return { ...object, spec: { ...spec, containers } };
}

/** `DK2001 spec.service: … (fix: …)` of each finding that the example has to have. */
function expectedOf(code: FindingCode): readonly string[] {
  const lines = readFileSync(join(GOLDEN, code, 'expected.txt'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => line.slice(line.indexOf(' DK') + 1)).filter((text) => text.startsWith(code));
}

describe('the bad example of every code of the registry, on a real API server,', () => {
  const scope = new AsyncDisposableStack();
  let cluster: MeshCluster;
  let operator: OperatorProcess;

  before(async () => {
    cluster = scope.use(await MeshCluster.start());
    const labels = { 'mesh.dot-kube.io/inject': 'enabled' };
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } });
    // Which addresses of pods are captured is known where it injects.
    const flags = ['--injection', 'policy'];
    operator = scope.use(await startOperator({ kubeconfig: cluster.kubeconfig, flags }));
    await cluster.pod(WEB);
  });
  after(() => scope.disposeAsync());

  const conditionsOf = async (object: KubernetesObject): Promise<readonly Condition[]> => {
    const { status } = await cluster.get(object);
    return status?.conditions ?? [];
  };

  /** Waits until a condition of one of the objects holds the text. */
  async function untilSaid(objects: readonly KubernetesObject[], type: string, text: string) {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const seen: string[] = [];
      for (const object of objects) {
        const condition = findCondition(await conditionsOf(object), type);
        if (condition?.message.includes(text) === true) return { object, condition };
        seen.push(`${object.kind} ${object.metadata.name}: ${condition?.reason} ${condition?.message}`);
      }
      if (performance.now() > deadline) throw new Error(`${type} does not say\n${text}\nbut\n${seen.join('\n')}`);
      await delay(20);
    }
  }

  /** Where and as what the findings of a code are told. */
  function placeOf(code: FindingCode, objects: readonly KubernetesObject[]) {
    const ours = objects.filter(({ apiVersion }) => apiVersion.startsWith('mesh.dot-kube.io/'));
    switch (definitionOf(code).effect) {
      case 'refused':
        return { objects: ours, type: 'Accepted', status: 'False', reason: 'Invalid' };
      case 'conflicted':
        return { objects: ours, type: 'Accepted', status: 'False', reason: 'Conflicted' };
      case 'unresolved':
        return { objects: ours, type: 'ResolvedRefs', status: 'False', reason: definitionOf(code).title };
      case 'rejected':
        return { objects: ours, type: 'Programmed', status: 'False', reason: 'RejectedByProxy' };
      case 'noted':
      case 'unstored':
        return { objects: ours, type: 'Accepted', status: 'True', reason: 'Accepted' };
    }
  }

  for (const code of STORED.filter((each) => each !== REFUSED_BY_SERVER && definitionOf(each).effect !== 'rejected')) {
    test(`${code}: its status, or an event of a Service, names the field and the fix`, async () => {
      const objects = exampleOf(code);
      await cluster.apply(...objects);
      const { objects: told, type, status, reason } = placeOf(code, objects);
      for (const text of expectedOf(code)) {
        assert.match(text, /^DK\d+ [a-z]\S*: .+ \(fix: .+\)$/);
        if (told.length === 0) await untilDescribed(objects, `Warning  ${definitionOf(code).title}`, text);
        else {
          const { condition } = await untilSaid(told, type, text);
          assert.deepEqual([condition.status, condition.reason], [status, reason]);
        }
      }
      for (const object of objects.toReversed()) await cluster.delete(object);
    });
  }

  /** Waits until `kubectl describe` of one of the Services shows an event that begins and ends so. */
  async function untilDescribed(objects: readonly KubernetesObject[], begin: string, end: string): Promise<void> {
    const names = objects.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
    const deadline = performance.now() + 5000;
    for (;;) {
      const lines = (await cluster.kubectl('-n', NAMESPACE, 'describe', '--show-events', 'service', ...names)).split(
        '\n',
      );
      if (lines.some((line) => line.trim().startsWith(begin) && line.endsWith(end))) return;
      if (performance.now() > deadline) assert.fail(`${begin} … ${end} is not in\n${lines.join('\n')}`);
      await delay(100);
    }
  }

  test(`${REFUSED_BY_SERVER}: the API server itself refuses it, naming the field`, async () => {
    const [first, second] = exampleOf(REFUSED_BY_SERVER);
    assert.ok(first !== undefined && second !== undefined);
    await cluster.apply(first);
    await assert.rejects(cluster.apply(second), /spec\.clusterIPs: Invalid value: .*provided IP is already allocated/);
    await cluster.delete(first);
  });

  test("DK3001: its status has the proxy's own words, and the fix", async () => {
    const [service, policy] = exampleOf('DK3001');
    assert.ok(service !== undefined && policy !== undefined);
    await cluster.apply(service);
    const route = `${NAMESPACE}/${service.metadata.name}:80`;
    await using client = new AdsClient({
      port: operator.xdsPort,
      ca: await operator.rootsPem(),
      token: await cluster.token(WEB),
      // Its own words, for what the policy changes: no valid object is known that this Envoy refuses.
      refuses: (type, { name, bytes }) =>
        type === typeUrls.route && name === route && hasTimeout(bytes) ? 'timeouts are not for me' : undefined,
    });
    for (const type of [typeUrls.cluster, typeUrls.listener, typeUrls.scopedRoute]) client.subscribe(type);
    client.subscribe(typeUrls.route, [route]);
    await client.until(() => client.resources(typeUrls.route).has(route));
    await cluster.apply(policy);
    const { condition } = await untilSaid([policy], 'Programmed', 'DK3001 ');
    assert.equal(condition.reason, 'RejectedByProxy');
    assert.match(
      condition.message,
      /^DK3001 shop\/web-0 refuses what comes of it: timeouts are not for me \(fix: .+\)$/,
    );
    assert.deepEqual((await cluster.get(policy)).status?.proxies, { total: 1, programmed: 0, rejected: 1 });
  });

  test('there is no code but those', () => {
    const told = STORED.filter((code) => definitionOf(code).effect !== 'rejected');
    assert.deepEqual(STORED, [...told, 'DK3001']);
    for (const code of told) assert.ok(expectedOf(code).length > 0, code);
  });
});

/** `timeout: 10s` in a RouteAction: field 8, a Duration whose seconds are 10. */
function hasTimeout(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).includes(Buffer.of(0x42, 0x02, 0x08, 0x0a));
}
