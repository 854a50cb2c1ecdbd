import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetricsRegistry } from '../../framework/index.ts';
import { TestClock } from '../../framework/testing/index.ts';
import { type Authority, CertificateAuthority, IdentityIssuer, MemoryCaStore } from '../../identity/index.ts';
import { showCertificates } from './certificate-metrics.ts';

const trustDomain = 'cluster.local';

test('metrics tell how many certificates there are, cannot be made, and when the first one ends', async () => {
  const clock = new TestClock();
  const authority = await CertificateAuthority.open({ store: new MemoryCaStore(), trustDomain, clock });
  let failing = false;
  const flaky: Authority = {
    issueWorkload: async (id) => (failing ? Promise.reject(new Error('no')) : authority.issueWorkload(id)),
    onChange: () => () => {},
    signingRoot: authority.signingRoot,
    trustBundle: authority.trustBundle,
  };
  const issuer = new IdentityIssuer({ authority: flaky, clock, random: () => 0 });
  const metrics = createMetricsRegistry();
  showCertificates(issuer, metrics);
  const idle = async (): Promise<void> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (issuer.summary().signing > 0);
  };
  const shown = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await metrics.metrics()).split('\n').flatMap((line) => {
        const [, name, value] = /^dotkube_workload_certificate(\S+) (\S+)$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value]];
      }),
    );
  assert.deepEqual(await shown(), { s: '0', s_failing: '0', s_first_not_after_seconds: '0' });
  issuer.want({ trustDomain, namespace: 'shop', serviceAccount: 'web' });
  await idle();
  const end = String((issuer.summary().firstNotAfter ?? 0) / 1000);
  const issued = { s: '1', s_failing: '0', s_first_not_after_seconds: end, '_signings_total{result="issued"}': '1' };
  assert.deepEqual(await shown(), issued);
  failing = true;
  await clock.advance(10 * 3_600_000);
  await idle();
  const { s_failing: behind, '_signings_total{result="failed"}': failed } = await shown();
  assert.equal(behind, '1');
  assert.ok(Number(failed) >= 1);
  issuer.close();
});
