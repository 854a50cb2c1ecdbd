import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../../../../operator/local/tools/command.ts';
import { ROOT, SYSTEM_NAMESPACE } from '../../../integration/harness/index.ts';
import { join } from 'node:path';
import type { Check } from '../../fault.ts';
import { type CertificateMesh, LIFE_S } from './certificate-mesh.ts';

const FAILURES = 'dotkube_root_read_failures_total';

/** The Secret of the root holds something else for longer than a certificate lives, and then it is deleted. */
export async function rootLost(store: CertificateMesh): Promise<readonly Check[]> {
  const before = await store.stored();
  const rotated = store.rotations.more(2, LIFE_S * 1500);
  await store.garble();
  await delay(LIFE_S * 1000);
  const isRotated = await rotated;
  const failures = await store.metric(FAILURES);
  const coded = store.mesh.operator.log().filter((line) => line['code'] === 'DK5003');
  const verdict = await dotkubeCheck(store);
  const untouched = await store.stored();
  await store.deleteSecret();
  const put = performance.now();
  while ((await store.stored()) !== before && performance.now() - put < 15_000) await delay(200);
  const isBack = (await store.stored()) === before;
  const seconds = ((performance.now() - put) / 1000).toFixed(1);
  return [
    {
      name: 'certificates while the root cannot be read',
      expected: 'signed with the root in memory; what nobody understands is not written over',
      measured: `${isRotated ? 'rotated twice or more' : 'not rotated twice'}; the Secret ${untouched === 'lost' ? 'is as it was' : 'was written over'}`,
      passed: isRotated && untouched === 'lost',
    },
    {
      name: 'what is told of it',
      expected: 'a metric, a line of the log with DK5003, once, and dotkube check fails',
      measured: `${FAILURES} ${failures}; ${coded.length} lines with DK5003; dotkube check: ${verdict}`,
      passed: failures > 0 && coded.length === 1 && /^failed: .*DK5003/.test(verdict),
    },
    {
      name: 'a root that is deleted',
      expected: 'is put back as it was',
      measured: isBack ? `was put back after ${seconds} s` : 'was not put back',
      passed: isBack,
    },
  ];
}

/** What `dotkube check` says of the root. */
async function dotkubeCheck({ mesh: { cluster } }: CertificateMesh): Promise<string> {
  const labels = { app: 'operator' };
  // It asks nothing about certificates where no operator is installed.
  await cluster.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: SYSTEM_NAMESPACE, name: 'dot-kube-operator' },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'operator', image: 'operator' }] } },
    },
  });
  const main = join(ROOT, 'operator', 'cli', 'main.ts');
  const { stdout, tail } = await runCommand(process.execPath, [
    main,
    'check',
    '--kubeconfig',
    cluster.kubeconfig,
    '-o',
    'json',
  ]);
  try {
    const { checks } = JSON.parse(stdout) as {
      readonly checks: readonly { readonly id: string; readonly state: string; readonly message: string }[];
    };
    const found = checks.find(({ id }) => id === 'root-certificate');
    return found === undefined ? 'nothing' : `${found.state}: ${found.message}`;
  } catch {
    return tail;
  }
}
