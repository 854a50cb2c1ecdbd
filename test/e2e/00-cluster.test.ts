import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { BUSYBOX_IMAGE } from '../cluster/images/own-images.ts';
import { type NodeCluster, nodeCluster } from '../cluster/node-cluster.ts';

/** The test cluster itself: what the other files take for granted. */
const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';
const NAMESPACE = `cluster-${process.pid}`;

let cluster: NodeCluster;

before(async () => {
  if (EXTERNAL) return;
  cluster = await nodeCluster({ name: 'e2e' });
  await cluster.kubectl('create', 'namespace', NAMESPACE);
  await apply([daemonSet(), service(), gated(), lifecycle()]);
  await cluster.kubectl('rollout', 'status', 'daemonset/web', '-n', NAMESPACE, '--timeout=90s');
});
after(async () => {
  if (!EXTERNAL) await cluster.kubectl('delete', 'namespace', NAMESPACE, '--wait=false');
});

test('a pod runs on each of two nodes, with an address of its node', { skip: EXTERNAL }, async () => {
  const pods = await webPods();
  assert.deepEqual(
    pods.map(({ node, address }) => [node, address.replace(/\.\d+$/, '')]),
    [
      ['node1', '10.244.1'],
      ['node2', '10.244.2'],
    ],
  );
});

test('pods reach each other, on their node and on the other', { skip: EXTERNAL }, async () => {
  const pods = await webPods();
  for (const from of pods) {
    for (const to of pods) assert.equal(await fetchFrom(from.name, `http://${to.address}:8080/`), to.name);
  }
});

test('a pod sees the address of the pod that calls it, not that of its node', { skip: EXTERNAL }, async () => {
  const [first, second] = await webPods();
  assert.ok(first !== undefined && second !== undefined);
  await fetchFrom(first.name, `http://${second.address}:8080/?whoami`);
  assert.match(await kubectl('logs', second.name), new RegExp(`${first.address.replaceAll('.', '\\.')}\\]?:\\d+`));
});

test('DNS knows a Service, whose address leads to both pods from both nodes', { skip: EXTERNAL }, async () => {
  const pods = await webPods();
  for (const from of pods) {
    const answers = new Set<string>();
    for (let call = 0; call < 40 && answers.size < 2; call += 1) answers.add(await fetchFrom(from.name, 'http://web/'));
    assert.deepEqual([...answers].toSorted(), pods.map(({ name }) => name).toSorted());
  }
  const [first] = pods;
  assert.match(
    await kubectl('exec', first?.name ?? '', '--', 'nslookup', `web.${NAMESPACE}.svc.cluster.local`),
    /10\.96\./,
  );
});

test('a readiness probe over HTTP holds a pod back until it passes', { skip: EXTERNAL }, async () => {
  const ready = () => kubectl('get', 'pod', 'gated', '-o', 'jsonpath={.status.containerStatuses[0].ready}');
  await eventually('gated runs', async () => (await phase('gated')) === 'Running');
  await delay(2_500);
  assert.equal(await ready(), 'false');
  await kubectl('exec', 'gated', '--', 'touch', '/tmp/ready');
  await eventually('gated is ready', async () => (await ready()) === 'true');
});

test('a native sidecar starts before its pod, which ends with all its containers', { skip: EXTERNAL }, async () => {
  await eventually('lifecycle has ended', async () => (await phase('lifecycle')) === 'Succeeded');
  // It reads what the sidecar has written before its startup probe passed.
  assert.equal((await kubectl('logs', 'lifecycle', '-c', 'main')).trim(), 'started');
});

test('the API server keeps an audit log of writes', { skip: EXTERNAL }, async () => {
  const lines = (await readFile(cluster.auditLog ?? '', 'utf8')).split('\n').filter((line) => line.includes(NAMESPACE));
  const created = lines.map((line) => JSON.parse(line) as AuditEvent).find(({ verb }) => verb === 'create');
  assert.match(created?.userAgent ?? '', /^kubectl/);
});

interface AuditEvent {
  readonly verb: string;
  readonly userAgent: string;
}

interface WebPod {
  readonly name: string;
  readonly node: string;
  readonly address: string;
}

async function webPods(): Promise<readonly WebPod[]> {
  const path = '{range .items[*]}{.metadata.name} {.spec.nodeName} {.status.podIP}{"\\n"}{end}';
  const lines = (await kubectl('get', 'pods', '-l', 'app=web', '-o', `jsonpath=${path}`)).trim().split('\n');
  return lines
    .map((line) => line.split(' '))
    .map(([name = '', node = '', address = '']) => ({ name, node, address }))
    .toSorted((a, b) => a.node.localeCompare(b.node));
}

function kubectl(command: string, ...args: readonly string[]): Promise<string> {
  return cluster.kubectl(command, '-n', NAMESPACE, ...args);
}

async function fetchFrom(pod: string, url: string): Promise<string> {
  return (await kubectl('exec', pod, '--', 'timeout', '5', 'wget', '-q', '-O', '-', url)).trim();
}

function phase(pod: string): Promise<string> {
  return kubectl('get', 'pod', pod, '-o', 'jsonpath={.status.phase}');
}

async function eventually(what: string, look: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 60_000;
  while (!(await look())) {
    assert.ok(performance.now() < until, `not within a minute: ${what}`);
    await delay(250);
  }
}

async function apply(objects: readonly object[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  await cluster.kubectl.input(list, 'apply', '-n', NAMESPACE, '-f', '-');
}

function serving(script: string): Readonly<Record<string, unknown>> {
  return {
    name: 'main',
    image: BUSYBOX_IMAGE,
    imagePullPolicy: 'Never',
    command: ['sh', '-c', `${script}; exec httpd -f -v -p 8080 -h /tmp`],
  };
}

function daemonSet(): object {
  const labels = { app: 'web' };
  const container = {
    ...serving('hostname > /tmp/index.html'),
    readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
  };
  const spec = { terminationGracePeriodSeconds: 1, containers: [container] };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

function service(): object {
  const spec = { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec };
}

function gated(): object {
  const readinessProbe = { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1 };
  const spec = { terminationGracePeriodSeconds: 1, containers: [{ ...serving('true'), readinessProbe }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'gated' }, spec };
}

function lifecycle(): object {
  const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
  const spec = {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 5,
    volumes: [{ name: 'shared', emptyDir: {} }],
    initContainers: [
      {
        ...serving('sleep 2; echo started > /shared/state'),
        name: 'sidecar',
        restartPolicy: 'Always',
        startupProbe: { exec: { command: ['test', '-e', '/shared/state'] }, periodSeconds: 1, failureThreshold: 30 },
        lifecycle: { preStop: { sleep: { seconds: 1 } } },
        volumeMounts,
      },
    ],
    containers: [{ ...serving(''), name: 'main', command: ['cat', '/shared/state'], volumeMounts }],
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'lifecycle' }, spec };
}
