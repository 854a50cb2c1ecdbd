import { counter, histogram, type MetricsRegistry } from '../metrics.ts';
import type { AdmissionVerdict } from './admission-review.ts';

/** What is counted of reviews, by the path of their webhook. */
export interface AdmissionMetrics {
  readonly answered: (path: string, verdict: AdmissionVerdict, seconds: number) => void;
  readonly failed: (path: string, code: number) => void;
}

const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** Creates the metrics, with a 0 for each verdict of each path. */
export function createAdmissionMetrics(registry: MetricsRegistry, paths: readonly string[]): AdmissionMetrics {
  const requests = counter(registry, {
    name: 'admission_webhook_requests_total',
    help: 'Reviews by webhook and verdict: allow, patch, deny, or the status code of those without one.',
    labelNames: ['path', 'verdict'],
  });
  const duration = histogram(registry, {
    name: 'admission_webhook_duration_seconds',
    help: 'Time from the start of a review to its verdict.',
    labelNames: ['path'],
    buckets: BUCKETS,
  });
  for (const path of paths) for (const verdict of ['allow', 'patch', 'deny']) requests.inc({ path, verdict }, 0);
  return {
    answered: (path, verdict, seconds) => {
      const patched = verdict.kind === 'allow' && (verdict.patch?.length ?? 0) > 0;
      requests.inc({ path, verdict: patched ? 'patch' : verdict.kind });
      duration.observe({ path }, seconds);
    },
    failed: (path, code) => requests.inc({ path, verdict: String(code) }),
  };
}
