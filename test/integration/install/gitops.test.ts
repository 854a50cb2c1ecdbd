import assert from 'node:assert/strict';
import { cp, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Health, runHealthScript } from '../../../examples/gitops/testing/health-script.ts';
import { type Kstatus, kstatusOf } from '../../../examples/gitops/testing/kstatus.ts';
import { FIELD_MANAGER } from '../../../operator/controllers/status/status-reconciler.ts';
import type { KubernetesObject } from '../../../operator/framework/index.ts';
import { type OperatorProcess, ROOT } from '../harness/index.ts';
import { Account } from './account.ts';
import { type InstallationSite, openSite } from './installed-system.ts';
import { startReplica } from './operator-replica.ts';

const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';
const EXAMPLE = join(ROOT, 'examples/gitops');
const BOOKSTORE = join(ROOT, 'examples/bookstore');

type Judged = KubernetesObject & Parameters<typeof kstatusOf>[0];

/** An object with who wrote what of it. */
interface Managed {
  readonly metadata: {
    readonly name: string;
    readonly managedFields: readonly {
      readonly manager: string;
      readonly subresource?: string;
      readonly fieldsV1: object;
    }[];
  };
}

describe('from Git, in waves', { skip: EXTERNAL }, () => {
  const scope = new AsyncDisposableStack();
  let site: InstallationSite;
  let repository: string;
  let script: string;
  before(async () => {
    site = scope.use(await openSite());
    repository = join(dirname(site.path('')), 'repository');
    await cp(join(EXAMPLE, 'repository'), repository, { recursive: true });
    await cp(site.path('kustomize'), join(repository, 'dot-kube/base'), { recursive: true });
    script = await readFile(join(EXAMPLE, 'argocd/health.lua'), 'utf8');
  });
  after(() => scope.disposeAsync());

  /** What Argo CD and Flux do with a folder: build it, and apply it server-side. */
  const sync = async (folder: string): Promise<void> => {
    const built = await site.cluster.kubectl('kustomize', join(repository, folder));
    await site.cluster.kubectl.input(built, 'apply', '--server-side', '--field-manager=gitops', '-f', '-');
  };
  /** The flag of the operator, and the expression of the policy. */
  const proxyImages = () =>
    Promise.all([
      site.cluster.kubectl(
        'get',
        '-n=dot-kube-system',
        'deployment/dot-kube-operator',
        '-o=jsonpath={.spec.template.spec.containers[0].args[0]}',
      ),
      site.cluster.kubectl(
        'get',
        'mutatingadmissionpolicy/dot-kube-injection',
        '-o=jsonpath={.spec.variables[?(@.name=="image")].expression}',
      ),
    ]);
  const objects = async <T = Judged>(...args: readonly string[]): Promise<readonly T[]> => {
    const list = await site.cluster.kubectl('-n', 'bookstore', 'get', 'mesh', '-o', 'json', ...args);
    return (JSON.parse(list) as { readonly items: readonly T[] }).items;
  };
  /** What Argo CD and kstatus say of each object. */
  const verdicts = async (): Promise<Readonly<Record<string, readonly [Health['status'], Kstatus]>>> => {
    const judged = await objects();
    const entries = judged.map(async (object) => {
      const { status } = await runHealthScript(script, object);
      return [object.metadata.name, [status, kstatusOf(object)]] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };
  const until = async (wanted: Awaited<ReturnType<typeof verdicts>>): Promise<void> => {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const found = await verdicts();
      if (isDeepStrictEqual(found, wanted)) return;
      if (performance.now() > deadline) assert.deepEqual(found, wanted);
      await delay(100);
    }
  };
  const startOperatorOf = async (): Promise<OperatorProcess> => {
    const account = await Account.open(site.cluster, 'dot-kube-system', 'dot-kube-operator');
    scope.defer(() => account.close());
    return scope.use(await startReplica(site, account));
  };

  it('come the kinds and the system, with the images of the repository', async () => {
    await sync('dot-kube/crds');
    await site.cluster.kubectl('wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all');
    await sync('dot-kube/system');
    const image = ['-o', 'jsonpath={.spec.template.spec.containers[*].image}'];
    const deployment = ['-n', 'dot-kube-system', 'get', 'deployment', 'dot-kube-operator', ...image];
    assert.equal(await site.cluster.kubectl(...deployment), 'registry.example/mesh/dot-kube-operator:0.1.0');
    const proxy = 'registry.example/mesh/dot-kube-proxy:0.1.0';
    assert.deepEqual(await proxyImages(), [`--proxy-image=${proxy}`, `"${proxy}"`]);
  });

  it('nothing is done as long as the operator has not seen it, and it is when the operator has', async () => {
    await site.cluster.kubectl('apply', '-f', join(BOOKSTORE, 'manifests/namespace.yaml'));
    await site.cluster.kubectl('apply', '-f', join(BOOKSTORE, 'manifests'));
    await sync('bookstore/access');
    const unseen = ['Progressing', 'InProgress'] as const;
    assert.deepEqual(await verdicts(), { 'reviews-callers': unseen, 'strict-mtls': unseen });
    await startOperatorOf();
    const done = ['Healthy', 'Current'] as const;
    await until({ 'reviews-callers': done, 'strict-mtls': done });
    await sync('bookstore/traffic');
    await until({ 'reviews-callers': done, 'strict-mtls': done, reviews: done });
  });

  it('what cannot work is seen at once, and what waits for another object waits', async () => {
    const apply = (name: string, spec: object) => {
      const metadata = { name, namespace: 'bookstore' };
      const object = { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind: 'TrafficSplit', metadata, spec };
      return site.cluster.kubectl.input(JSON.stringify(object), 'apply', '-f', '-');
    };
    const backends = [{ name: 'v1', labels: { version: 'v1' }, weight: 1 }];
    // Of two of the same second the one whose name comes first counts as older.
    await apply('reviews-too', { service: 'reviews', backends });
    await apply('orphan', { service: 'nobody', backends });
    const done = ['Healthy', 'Current'] as const;
    await until({
      'reviews-callers': done,
      'strict-mtls': done,
      'reviews-too': ['Degraded', 'Failed'],
      orphan: ['Progressing', 'InProgress'],
      reviews: done,
    });
  });

  it('the operator owns the status, and nothing else of any object', async () => {
    for (const { metadata } of await objects<Managed>('--show-managed-fields')) {
      const written = metadata.managedFields.filter(({ manager }) => manager === FIELD_MANAGER);
      assert.deepEqual(
        written.map(({ subresource, fieldsV1 }) => [subresource, Object.keys(fieldsV1)]),
        [['status', ['f:status']]],
        metadata.name,
      );
    }
  });

  it('there is no difference between Git and the cluster after that', async () => {
    for (const folder of ['dot-kube/crds', 'dot-kube/system', 'bookstore']) {
      const built = await site.cluster.kubectl('kustomize', join(repository, folder));
      const compared = ['diff', '--server-side', '--field-manager=gitops', '-f', '-'];
      assert.equal(await site.cluster.kubectl.input(built, ...compared), '', folder);
    }
  });
});
