import { counter, gauge, type MetricsRegistry } from '../../framework/index.ts';
import type { IdentityIssuer } from '../../identity/index.ts';

/** Shows how the certificates of workloads stand: alert on ones that cannot be made, long before they end. Answers how to stop. */
export function showCertificates(
  issuer: Pick<IdentityIssuer, 'subscribe' | 'summary'>,
  metrics: MetricsRegistry,
): () => void {
  const wanted: { set(value: number): void } = gauge(metrics, {
    name: 'dotkube_workload_certificates',
    help: 'Identities of connected proxies, each of which has a certificate.',
    collect: (): void => wanted.set(issuer.summary().wanted),
  });
  const failing: { set(value: number): void } = gauge(metrics, {
    name: 'dotkube_workload_certificates_failing',
    help: 'How many of them could not be made or renewed when it was last tried (DK5002).',
    collect: (): void => failing.set(issuer.summary().failing),
  });
  const end: { set(value: number): void } = gauge(metrics, {
    name: 'dotkube_workload_certificates_first_not_after_seconds',
    help: 'When the first of them ends, seconds since the epoch; 0 where there is none.',
    collect: (): void => end.set((issuer.summary().firstNotAfter ?? 0) / 1000),
  });
  const signings: { inc(labels: { readonly result: string }): void } = counter(metrics, {
    name: 'dotkube_workload_certificate_signings_total',
    help: 'How often a certificate of a workload was signed, or could not be.',
    labelNames: ['result'],
  });
  return issuer.subscribe(({ kind }) => {
    if (kind === 'issued' || kind === 'failed') signings.inc({ result: kind });
  });
}
