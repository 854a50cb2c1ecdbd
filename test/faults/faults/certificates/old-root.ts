import { setTimeout as delay } from 'node:timers/promises';
import { selfSignedRoot } from '../../../../operator/identity/certificates.ts';
import { generateEcKeyPair, privateKeyPemOf } from '../../../../operator/identity/key-pair.ts';
import { SECRET } from '../../../../operator/identity/index.ts';
import { MeshCluster, startOperator, SYSTEM_NAMESPACE } from '../../../integration/harness/index.ts';
import { imageOperator } from '../../harness/image-operator.ts';
import type { Check } from '../../fault.ts';

/** Life of the root, milliseconds: half of it is over while the operator runs. */
const [PAST_MS, LEFT_MS] = [40_000, 90_000];

/** A root that is given is not replaced in time: it is told of with half of its life left. */
export async function oldRoot(): Promise<Check> {
  await using cluster = await MeshCluster.start();
  const keys = await generateEcKeyPair();
  const now = Math.floor(Date.now() / 1000) * 1000;
  const life = { notBefore: now - PAST_MS, notAfter: now + LEFT_MS };
  const certificate = await selfSignedRoot('cluster.local', keys, life);
  const files = { 'tls.crt': certificate, 'tls.key': privateKeyPemOf(keys.privateKey), 'ca.crt': certificate };
  await cluster.api.create(SECRET, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: SYSTEM_NAMESPACE, name: 'old' },
    type: 'kubernetes.io/tls',
    data: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text).toString('base64')])),
  });
  const flags = [
    '--ca-secret',
    'old',
    '--ca-source',
    'secret',
    '--certificate-lifetime',
    '20',
    '--root-change-hold',
    '4',
  ];
  await using operator = await startOperator({
    ...(await imageOperator()),
    kubeconfig: cluster.kubeconfig,
    flags,
    timeoutMilliseconds: 60_000,
  });
  const line = () => operator.log().find((each) => each['code'] === 'DK5001');
  const early = line();
  while (line() === undefined && Date.now() < life.notAfter) await delay(50);
  const metric = (await operator.health('/metrics')).body.match(/^dotkube_root_certificate_overdue (\d)$/m)?.[1];
  const { timestamp } = line() ?? {};
  const told = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  const left = (life.notAfter - told) / (life.notAfter - life.notBefore);
  return {
    name: 'the alarm about a root that nobody replaces',
    expected: 'a metric and a line of the log with DK5001, with half of its life left, and not at the start',
    measured: `${early === undefined ? '' : 'told at once; '}told with ${(left * 100).toFixed(0)} % left, dotkube_root_certificate_overdue ${metric}`,
    passed: early === undefined && left >= 0.5 && left < 0.6 && metric === '1',
  };
}
