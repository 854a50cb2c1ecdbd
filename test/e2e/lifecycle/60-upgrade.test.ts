import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PROXY_CONTAINER } from '../../../operator/build/pod-class.ts';
import { E2eCluster, ROOT } from '../harness/cluster.ts';
import { assertNoneFailed, Load, restart, untilOnly } from '../harness/load.ts';
import { LOAD_NAMESPACE } from '../harness/load-objects.ts';
import { driftOf, SYSTEM_NAMESPACE, systemYaml } from '../harness/system.ts';

const OPERATOR = 'dot-kube-operator';
const SECRET = 'dot-kube-ca';
/** Each step of a change of the root holds so long here; 5 minutes otherwise. */
const HOLD_SECONDS = 20;

interface Event {
  readonly reason?: string;
  readonly note?: string;
  readonly regarding: { readonly name: string };
}

interface Policy {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly observedGeneration?: number;
    }[];
  };
}

describe('the control plane in another version, under proxies of this one', { skip: skipped() }, () => {
  let cluster: E2eCluster;
  let load: Load;
  let next: string;
  let nextVersion: string;
  before(async () => {
    cluster = await E2eCluster.open();
    nextVersion = `${cluster.version}-next`;
    next = otherVersion(systemYaml(cluster), cluster.version, nextVersion);
    for (const image of ['operator', 'proxy'] as const) {
      await cluster.cluster.loadImage(join(ROOT, 'dist', 'images', image), `dot-kube/${image}:${nextVersion}`);
    }
    load = await Load.start(cluster);
  });
  after(async () => {
    await cluster.apply(systemYaml(cluster));
    // The last of the files that share it.
    await cluster.kubectl('delete', 'namespace', LOAD_NAMESPACE, '--wait=false');
    await cluster[Symbol.asyncDispose]();
  });

  const install = async (yaml: string): Promise<void> => {
    await cluster.apply(yaml);
    await cluster.kubectl('rollout', 'status', `deployment/${OPERATOR}`, '-n', SYSTEM_NAMESPACE, '--timeout=180s');
  };

  const proxyImages = async (app: string): Promise<readonly (string | undefined)[]> => {
    const pods = await cluster.pods(LOAD_NAMESPACE, `app=${app}`);
    return pods.map(({ spec }) => spec.initContainers?.find(({ name }) => name === PROXY_CONTAINER)?.image);
  };

  test('is upgraded, and every call is answered; proxies of the old version are named, and served what is new', {
    timeout: 300_000,
  }, async () => {
    const result = await load.during('an upgrade', async () => {
      await install(next);
      const { metadata } = (await load.pod()) ?? {};
      await cluster.eventually('an event names the proxy of the old version', 60, async () => {
        const events = await cluster.read<{ readonly items: readonly Event[] }>(
          'events.events.k8s.io',
          '-n',
          LOAD_NAMESPACE,
        );
        return events.items.find(
          ({ note, reason, regarding }) =>
            reason === 'ProxyOfAnotherVersion' &&
            regarding.name === metadata?.name &&
            note?.includes(nextVersion) === true,
        );
      });
      const policy = { name: 'no-retries', namespace: LOAD_NAMESPACE };
      const patch = JSON.stringify({ spec: { timeouts: { request: '14s' } } });
      await cluster.kubectl('patch', 'meshpolicy', policy.name, '-n', policy.namespace, '--type=merge', '-p', patch);
      await cluster.eventually('proxies of the old version have acknowledged a change', 60, async () => {
        const { metadata: now, status } = await cluster.read<Policy>('meshpolicy', policy.name, '-n', policy.namespace);
        return status?.conditions?.find(
          ({ observedGeneration, status: value, type }) =>
            type === 'Programmed' && value === 'True' && observedGeneration === now.generation,
        );
      });
      await restart(cluster, LOAD_NAMESPACE, 'backend');
      await untilOnly(cluster, LOAD_NAMESPACE, 'app=backend', 2);
    });
    const image = `dot-kube/proxy:${nextVersion}`;
    assert.deepEqual(await proxyImages('backend'), [image, image]);
    assert.deepEqual(await proxyImages('load'), [cluster.imageName('proxy')]);
    assertNoneFailed(result);
  });

  test('changes its root when it is asked to, and every call is answered; kubectl diff is empty', {
    timeout: 400_000,
  }, async () => {
    const before = await rootOf(cluster);
    const result = await load.during('a change of the root', async () => {
      await cluster.kubectl('annotate', 'secret', SECRET, '-n', SYSTEM_NAMESPACE, 'mesh.dot-kube.io/rotate-root=now');
      let last = before;
      await cluster.eventually(
        'only the new root is trusted',
        300,
        async () => {
          last = await rootOf(cluster);
          return last.kind === 'stable' && last.certificate !== before.certificate ? true : undefined;
        },
        () => last.kind,
      );
      // With the certificate that the new root has signed they start too.
      await restart(cluster, LOAD_NAMESPACE, 'backend');
    });
    assertNoneFailed(result);
    assert.equal(await driftOf(cluster, next), '');
  });

  test('is rolled back, and every call is answered', { timeout: 300_000 }, async () => {
    const result = await load.during('a roll-back', async () => {
      await install(systemYaml(cluster));
      await restart(cluster, LOAD_NAMESPACE, 'backend');
      await untilOnly(cluster, LOAD_NAMESPACE, 'app=backend', 2);
    });
    const image = cluster.imageName('proxy');
    assert.deepEqual(await proxyImages('backend'), [image, image]);
    assertNoneFailed(result);
    assert.equal(await driftOf(cluster), '');
  });
});

/** The same manifests as another version would write them, whose root changes faster. */
function otherVersion(yaml: string, version: string, next: string): string {
  const images = yaml.replaceAll(`dot-kube/operator:${version}`, `dot-kube/operator:${next}`);
  const all = images.replaceAll(`dot-kube/proxy:${version}`, `dot-kube/proxy:${next}`);
  return all.replace(/^( *)- --log-level=info$/m, `$&\n$1- --root-change-hold=${HOLD_SECONDS}`);
}

/** How far a change of the root is, and which one signs. */
async function rootOf(cluster: E2eCluster): Promise<{ readonly kind: string; readonly certificate: string }> {
  const secret = await cluster.read<{ readonly data: Readonly<Record<string, string>> }>(
    'secret',
    SECRET,
    '-n',
    SYSTEM_NAMESPACE,
  );
  const text = Buffer.from(secret.data['ca.json'] ?? '', 'base64').toString();
  const { current, kind } = JSON.parse(text) as { kind: string; current: { certificatePem: string } };
  return { kind, certificate: current.certificatePem };
}

function skipped(): string | false {
  return (process.env['KUBECONFIG'] ?? '') !== '' && 'images of another version go to clusters of our own only';
}
