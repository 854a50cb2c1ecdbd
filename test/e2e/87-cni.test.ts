import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { manifestYaml, systemManifests } from '../../cdk8s/output/manifest.ts';
import { PROXY_CONTAINER } from '../../operator/build/pod-class.ts';
import { CAPTURE_CONTAINER, CAPTURE_PROBE_PORT, INJECT_LABEL } from '../../operator/webhooks/injection/names.ts';
import { KubectlError } from '../cluster/kubectl.ts';
import { describePods, E2eCluster, type PodObject, ROOT } from './harness/cluster.ts';
import { podTemplate, programContainer } from './harness/objects.ts';
import { untilReady } from './harness/store.ts';

/** The agent's namespace, and the name of its DaemonSet. */
const CNI = 'dot-kube-cni';
/** Enforces the restricted profile: no container in it may have NET_ADMIN. */
const GUARDED = 'e2e-guarded';
/** Asks for no proxies, and forbids nothing. */
const PLAIN = 'e2e-plain';
const NAMESPACES = [GUARDED, PLAIN] as const;

/** Answers with whom the proxy says that it is called by. */
const WHO = `import { createServer } from 'node:http';
createServer((request, response) => response.end(request.headers['x-forwarded-client-cert'] ?? 'nobody')).listen(8080);`;
const IDLE = 'setInterval(() => undefined, 1e6);';
const STRICT = {
  apiVersion: 'mesh.dot-kube.io/v1alpha1',
  kind: 'MeshPolicy',
  metadata: { name: 'strict', namespace: GUARDED },
  spec: { mtls: { mode: 'Strict' } },
};

describe('with the CNI plugin', { timeout: 300_000 }, () => {
  let cluster: E2eCluster;
  let node: string;
  let untouched: string;
  let agentImage: string;
  before(async () => {
    cluster = await E2eCluster.open();
    const name = `dot-kube/cni:${cluster.version}`;
    agentImage = await cluster.cluster.loadImage(join(ROOT, 'dist/images/cni'), name);
    const [first] = (await cluster.read<{ items: readonly { metadata: { name: string } }[] }>('nodes')).items;
    node = first?.metadata.name ?? assert.fail('there are no nodes');
    await cluster.apply([namespaceObject(GUARDED), namespaceObject(PLAIN)]);
    await cluster.apply([reader(cluster, node)]);
    await untilReady(cluster, PLAIN, 1);
    untouched = await plugins();
    await captureBy('cni');
    await cluster.kubectl('rollout', 'status', '-n', CNI, `daemonset/${CNI}`, '--timeout=60s');
  });
  after(async () => {
    await captureBy('nftables');
    await cluster.kubectl('delete', 'namespace', '--ignore-not-found', '--wait=false', ...NAMESPACES, CNI);
    const roles = 'clusterroles,clusterrolebindings';
    await cluster.kubectl('delete', roles, '--ignore-not-found', CNI);
    for (const name of [...NAMESPACES, CNI])
      await cluster.kubectl('wait', '--for=delete', `namespace/${name}`, '--timeout=60s');
    await cluster[Symbol.asyncDispose]();
  });

  /** Applies the policies of that value, and the agent with them; returns when the API server follows them. */
  const captureBy = async (capture: 'cni' | 'nftables'): Promise<void> => {
    const { system } = systemManifests({ proxy: { capture } });
    // Where policies inject, the operator has no part in it.
    const wanted = system.filter(
      ({ kind, metadata }) => kind.includes('Admission') || JSON.stringify(metadata).includes(CNI),
    );
    const yaml = manifestYaml(wanted)
      .replaceAll(`dot-kube/proxy:${cluster.version}`, cluster.imageName('proxy'))
      .replaceAll(`dot-kube/cni:${cluster.version}`, agentImage);
    await cluster.apply(yaml);
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'tried', namespace: PLAIN, labels: { [INJECT_LABEL]: 'enabled' } },
      spec: { containers: [{ name: 'app', image: 'app' }] },
    };
    await cluster.eventually(`pods are captured by ${capture}`, 30, async () => {
      const made = await tried(() =>
        cluster.kubectl.input(JSON.stringify(pod), 'create', '--dry-run=server', '-o', 'json', '-f', '-'),
      );
      if (made === undefined) return undefined;
      const { spec } = JSON.parse(made) as PodObject;
      const names = (spec.initContainers ?? []).map((container) => container.name);
      return names.includes(PROXY_CONTAINER) && names.includes(CAPTURE_CONTAINER) === (capture === 'nftables')
        ? true
        : undefined;
    });
  };
  /** The plugins of the node, as its container runtime reads them. */
  const plugins = async (): Promise<string> => {
    const read = `const fs = require('fs'); const [file] = fs.readdirSync('/host').sort();
      console.log(JSON.stringify(JSON.parse(fs.readFileSync('/host/' + file, 'utf8'))))`;
    return (await cluster.kubectl('exec', '-n', PLAIN, 'reader', '--', 'node', '--eval', read)).trim();
  };
  /** What a caller is answered: `200` with whom it was taken for, or why not. */
  const call = async (namespace: string, caller: string): Promise<string> => {
    const url = `http://who.${GUARDED}.svc:80`;
    const ask = `fetch('${url}', { signal: AbortSignal.timeout(5000) }).then(async (r) => console.log(r.status, await r.text()), (e) => console.log(String(e)))`;
    return (await cluster.kubectl('exec', '-n', namespace, caller, '-c', 'app', '--', 'node', '--eval', ask)).trim();
  };
  const untilAnswer = (what: string, caller: readonly [string, string], wanted: RegExp): Promise<string> => {
    let last = '';
    return cluster.eventually(
      what,
      30,
      async () => {
        last = await call(...caller);
        return wanted.test(last) ? last : undefined;
      },
      () => last,
    );
  };
  const podOf = async (name: string): Promise<PodObject> =>
    (await cluster.pods(GUARDED, `app=${name}`))[0] ?? assert.fail(`there is no pod ${name}`);
  const eventsOf = (name: string): Promise<string> =>
    cluster.kubectl('get', 'events', '-n', GUARDED, '--field-selector', `involvedObject.name=${name}`);
  const start = (...names: readonly string[]): Promise<string> =>
    cluster.apply(names.map((name) => podObject(cluster, GUARDED, name, node)));

  test('pods of a restricted namespace have proxies, and none has a container that captures', async () => {
    const service = { selector: { app: 'who' }, ports: [{ port: 80, targetPort: 8080, appProtocol: 'http' }] };
    await cluster.apply([{ apiVersion: 'v1', kind: 'Service', metadata: metadataOf(GUARDED, 'who'), spec: service }]);
    await cluster.apply([account('caller'), account('who')]);
    await start('who', 'caller');
    await cluster.apply([podObject(cluster, PLAIN, 'outsider', node)]);
    const pods = await untilReady(cluster, GUARDED, 2);
    for (const { spec } of pods)
      assert.deepEqual(
        spec.initContainers?.map(({ name }) => name),
        [PROXY_CONTAINER],
      );
    await untilReady(cluster, PLAIN, 2);
    await untilAnswer(
      'the caller has the name of its account',
      [GUARDED, 'caller'],
      /^200 .*\/ns\/e2e-guarded\/sa\/caller/,
    );
    await untilAnswer('without Strict anybody is answered', [PLAIN, 'outsider'], /^200 nobody$/);
    await cluster.apply([STRICT]);
    await untilAnswer('with Strict nobody without a proxy is', [PLAIN, 'outsider'], /^(?!200)/);
    assert.match(await call(GUARDED, 'caller'), /^200 .*sa\/caller/);
  });

  test('pods that are made while the agent is away wait, say so, and start when it is back', async () => {
    const away = (selector: object) =>
      cluster.kubectl(
        'patch',
        'daemonset',
        '-n',
        CNI,
        CNI,
        '--type=merge',
        '-p',
        JSON.stringify({ spec: { template: { spec: { nodeSelector: selector } } } }),
      );
    await away({ away: 'yes' });
    await cluster.eventually('no agent is left', 60, async () =>
      (await cluster.pods(CNI)).length === 0 ? true : undefined,
    );
    assert.match(await plugins(), /"type":"dot-kube-cni"/, 'the plugin stays');
    await start('waiting');
    await cluster.eventually(
      'the pod says what it waits for',
      40,
      async () =>
        /agent dot-kube-cni of this node does not answer/.test(await eventsOf('waiting')) ? true : undefined,
      () => eventsOf('waiting'),
    );
    await away({ away: null });
    await untilReady(cluster, GUARDED, 3);
  });

  test('without the DaemonSet nodes are as before: plain pods start, and none that should be captured is ready unmeshed', async () => {
    await cluster.kubectl('delete', 'daemonset', '-n', CNI, CNI, '--cascade=foreground');
    assert.equal(await plugins(), untouched);
    await cluster.apply([podObject(cluster, PLAIN, 'later', node)]);
    await start('unmeshed');
    await untilReady(cluster, PLAIN, 3);
    const refused = new RegExp(`Startup probe failed.*:${CAPTURE_PROBE_PORT}`);
    await cluster.eventually(
      'the startup probe of its proxy fails',
      60,
      async () => (refused.test(await eventsOf('unmeshed')) ? true : undefined),
      () => eventsOf('unmeshed'),
    );
    const { status } = await podOf('unmeshed');
    const [proxy] = status.initContainerStatuses ?? [];
    assert.deepEqual([proxy?.started, status.phase], [false, 'Pending'], describePods([await podOf('unmeshed')]));
    assert.match(await call(GUARDED, 'caller'), /^200 /, 'pods that ran run on');
  });
});

async function tried(run: () => Promise<string>): Promise<string | undefined> {
  try {
    return await run();
  } catch (error) {
    // The policies are not yet of one kind.
    if (error instanceof KubectlError) return undefined;
    throw error;
  }
}

function metadataOf(namespace: string, name: string): { readonly name: string; readonly namespace: string } {
  return { name, namespace };
}

function namespaceObject(name: (typeof NAMESPACES)[number]): object {
  const labels =
    name === GUARDED ? { [INJECT_LABEL]: 'enabled', 'pod-security.kubernetes.io/enforce': 'restricted' } : {};
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

function account(name: string): object {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadataOf(GUARDED, name) };
}

/** A pod on that node; `who` answers, all others do nothing. */
function podObject(cluster: E2eCluster, namespace: string, name: string, node: string): object {
  const image = cluster.imageName('bookstore');
  const container = programContainer({ name: 'app', image, program: name === 'who' ? WHO : IDLE });
  const serviceAccount = name === 'who' || name === 'caller' ? name : 'default';
  const more = { nodeSelector: { 'kubernetes.io/hostname': node } };
  const { metadata, spec } = podTemplate({ labels: { app: name }, serviceAccount, containers: [container], more }) as {
    readonly metadata: object;
    readonly spec: object;
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, ...metadataOf(namespace, name) }, spec };
}

/** A pod that reads what only root of the node may. */
function reader(cluster: E2eCluster, node: string): object {
  const path = '/etc/cni/net.d';
  const container = programContainer({
    name: 'app',
    image: cluster.imageName('bookstore'),
    program: IDLE,
    more: { volumeMounts: [{ name: 'host', mountPath: '/host', readOnly: true }] },
  });
  const spec = {
    nodeSelector: { 'kubernetes.io/hostname': node },
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsUser: 0 },
    containers: [container],
    volumes: [{ name: 'host', hostPath: { path } }],
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata: metadataOf(PLAIN, 'reader'), spec };
}
