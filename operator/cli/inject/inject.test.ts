import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { arbitraryPod } from '../../../test/gen/arbitrary-pods.ts';
import { fieldOf } from '../../framework/api/json.ts';
import { parseManifests } from '../../validation/index.ts';
import type { PodShape } from '../../webhooks/injection/pod-shape.ts';
import { injectPod } from '../../webhooks/injection/inject-pod.ts';
import { DEFAULT_INJECTION } from '../../webhooks/injection/settings.ts';
import { runCommand } from '../run-command.ts';

async function dotkube(words: readonly string[], input: string) {
  let [stdout, stderr] = ['', ''];
  const exitCode = await runCommand(words, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    environment: {},
    workingDirectory: '/',
    readStdin: () => Promise.resolve(input),
    signal: new AbortController().signal,
  });
  return { exitCode, stdout, stderr };
}

const inject = (input: string, ...words: readonly string[]) =>
  dotkube(['inject', '-', '--image', 'proxy', ...words], input);
const uninject = (input: string) => dotkube(['uninject', '-'], input);
const SETTINGS = { ...DEFAULT_INJECTION, proxyImage: 'proxy' };

/** Objects of a text, as kubectl reads them. */
const objectsIn = (text: string): readonly unknown[] => parseManifests(text).manifests.map(({ object }) => object);
const at = (value: unknown, path: string): unknown => path.split('.').reduce<unknown>(fieldOf, value);

const DEPLOYMENT = `# The first comment.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews # its name
  namespace: shop
spec:
  # three of them
  replicas: 3
  template:
    metadata:
      labels: { app: reviews }
    spec:
      containers:
      - name: app
        image: "reviews:1"
        # is it alive?
        livenessProbe:
          httpGet: { path: /healthz, port: 8080 } # not for long
        env:
        - { name: OCTAL, value: "0777" }
`;

const SERVICE = 'apiVersion: v1\nkind:   Service\nmetadata: {name: reviews}   # odd,  but ours\n';

describe('dotkube inject', () => {
  test('changes the pods of a workload, and keeps comments, order and style', async () => {
    const { exitCode, stderr, stdout } = await inject(DEPLOYMENT);
    assert.deepEqual([exitCode, stderr], [0, 'Deployment shop/reviews: injected\n']);
    const lines = stdout.split('\n');
    for (const line of DEPLOYMENT.split('\n').filter((each) => !/labels:|httpGet:/.test(each))) {
      assert.ok(lines.includes(line), line);
    }
    const marks = 'mesh.dot-kube.io/status: injected, mesh.dot-kube.io/service-account: default';
    assert.ok(lines.includes(`      labels: { app: reviews, ${marks} }`));
    const probe = 'httpGet: { path: /app/http/8080/healthz, port: 15020, scheme: HTTP } # not for long';
    assert.ok(stdout.includes(probe));
    const [before, after] = [objectsIn(DEPLOYMENT)[0], objectsIn(stdout)[0]];
    assert.deepEqual(at(after, 'spec.template'), injectPod(at(before, 'spec.template') as PodShape, SETTINGS));
  });

  test('prints to the byte what it does not change', async () => {
    const { stderr, stdout } = await inject(`${SERVICE}---\n${DEPLOYMENT}---\n${SERVICE}`);
    assert.ok(stdout.startsWith(`${SERVICE}---\n# The first comment.`));
    assert.ok(stdout.endsWith(`\n---\n${SERVICE}`));
    assert.equal(stderr, 'Deployment shop/reviews: injected\n');
    assert.equal((await inject(SERVICE)).stdout, SERVICE);
  });

  const spec = { containers: [{ name: 'app', image: 'app' }] };
  const workloads: Readonly<Record<string, { readonly object: object; readonly path: string }>> = {
    Pod: { object: { kind: 'Pod', metadata: { name: 'a' }, spec }, path: 'spec' },
    StatefulSet: { object: { kind: 'StatefulSet', spec: { template: { spec } } }, path: 'spec.template.spec' },
    DaemonSet: { object: { kind: 'DaemonSet', spec: { template: { spec } } }, path: 'spec.template.spec' },
    Job: { object: { kind: 'Job', spec: { template: { spec } } }, path: 'spec.template.spec' },
    Rollout: { object: { kind: 'Rollout', spec: { template: { spec } } }, path: 'spec.template.spec' },
    CronJob: {
      object: { kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec } } } } },
      path: 'spec.jobTemplate.spec.template.spec',
    },
    PodTemplate: { object: { kind: 'PodTemplate', template: { spec } }, path: 'template.spec' },
  };
  for (const [kind, { object, path }] of Object.entries(workloads)) {
    test(`takes a ${kind}, in YAML, in JSON and in a List`, async () => {
      const whole = { apiVersion: 'v1', metadata: { name: 'a' }, ...object };
      const list = { apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Service' }, whole] };
      for (const [text, prefix] of [
        [stringify(whole), ''],
        [JSON.stringify(whole), ''],
        [stringify(list), 'items.1.'],
        [JSON.stringify(list), 'items.1.'],
      ] as const) {
        const { stdout, stderr } = await inject(text);
        assert.equal(stderr, `${kind} a: injected\n`);
        const value = parse(stdout) as unknown;
        const [, last] = (at(value, 'items') as readonly unknown[] | undefined) ?? [undefined, value];
        const injected = at(prefix === '' ? value : last, path) as NonNullable<PodShape['spec']>;
        assert.deepEqual(
          injected.initContainers?.map(({ name }) => name),
          ['dot-kube-init', 'dot-kube-proxy'],
        );
        if (text.startsWith('{')) assert.deepEqual(JSON.parse(stdout), value, 'JSON stays JSON');
      }
    });
  }

  test('what is written once for several changes where it is meant', async () => {
    const text = `apiVersion: v1
kind: List
items:
  - apiVersion: apps/v1
    kind: Deployment
    metadata: {name: one}
    spec:
      template: &template
        spec: &spec
          containers: [{name: app, image: a}]
  - apiVersion: apps/v1
    kind: Deployment
    metadata: {name: two, labels: &labels {app: two}}
    spec:
      template:
        metadata: {labels: {<<: *labels, mesh.dot-kube.io/inject: disabled}}
        spec: {<<: *spec, nodeName: here}
  - {apiVersion: apps/v1, kind: Deployment, metadata: {name: three}, spec: {template: *template}}
`;
    const { stderr, stdout } = await inject(text);
    assert.match(stderr, /^Deployment one: injected\nDeployment two: left alone.*\nDeployment three: injected\n$/);
    const [one, two, three] = objectsIn(stdout);
    const [, before] = objectsIn(text);
    assert.deepEqual(two, before);
    const injected = injectPod({ spec: { containers: [{ name: 'app', image: 'a' }] } }, SETTINGS);
    assert.deepEqual([at(one, 'spec.template'), at(three, 'spec.template')], [injected, injected]);
  });

  test('leaves pods alone that cannot or shall not have a proxy, and says why', async () => {
    const pod = (more: object, metadata: object = {}): string =>
      stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', ...metadata }, spec: { ...spec, ...more } });
    const told = async (text: string, ...words: readonly string[]): Promise<string> => {
      const { exitCode, stderr, stdout } = await inject(text, ...words);
      assert.deepEqual([exitCode, stdout], [0, text]);
      return stderr;
    };
    assert.match(await told(pod({ hostNetwork: true })), /^Pod a: left alone: .*network of their node\n$/);
    assert.match(await told(pod({}, { labels: { 'mesh.dot-kube.io/inject': 'disabled' } })), /inject: disabled\n$/);
    assert.match(await told(pod({}, { namespace: 'kube-system' })), /^Pod kube-system\/a: left alone: the namespace/);
    assert.match(await told(pod({}), '-n', 'dot-kube-system'), /^Pod a: left alone: the namespace/);
    assert.match(await told(pod({ os: { name: 'windows' } })), /for Windows/);
  });

  test('prints nothing when a workload cannot be right, and names file, line, field, code and fix', async () => {
    const text = DEPLOYMENT.replace('port: 8080', 'port: web');
    const { exitCode, stderr, stdout } = await inject(`${SERVICE}---\n${text}`);
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(
      stderr,
      /^stdin:22:\d+: error DK4006 Deployment reviews spec\.template\.spec\.containers\[0\]\.livenessProbe: .*\n {4}fix: /m,
    );
    const broken = await inject('a: [');
    assert.deepEqual([broken.exitCode, broken.stdout], [1, '']);
    assert.match(broken.stderr, /^stdin:1:\d+: error DK1000/);
  });

  test('says so when there is nothing to do, and does anew what others have done', async () => {
    const once = (await inject(DEPLOYMENT)).stdout;
    const twice = await inject(once);
    assert.deepEqual([twice.stdout, twice.stderr], [once, 'Deployment shop/reviews: injected already\n']);
    const other = await inject(once, '--capture', 'cni', '--ip-families', 'ipv4,ipv6');
    assert.equal(other.stderr, 'Deployment shop/reviews: injected anew\n');
    assert.doesNotMatch(other.stdout, /dot-kube-init/);
    assert.match(other.stdout, /"address":"::"/);
  });

  test('is called wrongly without files and with unknown tools', async () => {
    assert.equal((await dotkube(['inject'], '')).exitCode, 2);
    assert.equal((await inject(DEPLOYMENT, '--capture', 'magic')).exitCode, 2);
    assert.equal((await dotkube(['uninject'], '')).exitCode, 2);
  });
});

describe('dotkube uninject', () => {
  test('gives the text back that was injected', async () => {
    const { stdout } = await inject(DEPLOYMENT);
    assert.deepEqual(await uninject(stdout), {
      exitCode: 0,
      stdout: DEPLOYMENT,
      stderr: 'Deployment shop/reviews: proxy removed\n',
    });
  });

  test('leaves what has no proxy as it is', async () => {
    assert.deepEqual(await uninject(DEPLOYMENT), {
      exitCode: 0,
      stdout: DEPLOYMENT,
      stderr: 'Deployment shop/reviews: left alone: it has no proxy\n',
    });
  });

  test('gives any pod back', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPod, async (pod) => {
        const text = stringify({ apiVersion: 'v1', kind: 'Pod', ...pod });
        const injected = await inject(text);
        assert.equal(injected.exitCode, 0, injected.stderr);
        const back = await uninject(injected.stdout);
        assert.deepEqual(objectsIn(back.stdout), objectsIn(text));
        const { apiVersion: _a, kind: _k, ...changed } = objectsIn(injected.stdout)[0] as PodShape;
        assert.deepEqual(changed, injectPod(pod, SETTINGS));
      }),
      { numRuns: 100 },
    );
  });
});
