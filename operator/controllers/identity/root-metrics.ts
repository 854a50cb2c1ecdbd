import { gauge, type MetricsRegistry } from '../../framework/index.ts';
import { type CertificateAuthority, rootOverdue } from '../../identity/index.ts';

const STATES = ['stable', 'introducing', 'retiring'] as const;

/** Shows where the root stands: alert on its end, and on a change that does not go on. */
export function showRoot(
  authority: Pick<CertificateAuthority, 'signingRootLife' | 'state'>,
  metrics: MetricsRegistry,
  now: () => number,
): void {
  const begin: { set(value: number): void } = gauge(metrics, {
    name: 'dotkube_root_certificate_not_before_seconds',
    help: 'Since when the root certificate that signs holds, seconds since the epoch.',
    collect: (): void => begin.set(authority.signingRootLife.notBefore / 1000),
  });
  const overdue: { set(value: number): void } = gauge(metrics, {
    name: 'dotkube_root_certificate_overdue',
    help: '1 when half of the life of the root certificate that signs is over, and no other has taken its place (DK5001).',
    collect: (): void => overdue.set(rootOverdue(authority.signingRootLife, now()) ? 1 : 0),
  });
  const end: { set(value: number): void } = gauge(metrics, {
    name: 'dotkube_root_certificate_not_after_seconds',
    help: 'When the root certificate that signs ends, seconds since the epoch.',
    collect: (): void => end.set(authority.signingRootLife.notAfter / 1000),
  });
  const states: { set(labels: { readonly state: string }, value: number): void } = gauge(metrics, {
    name: 'dotkube_root_change_state',
    help: 'Where the change of the root certificate stands: 1 for the present state.',
    labelNames: ['state'],
    collect: (): void => {
      for (const state of STATES) states.set({ state }, state === authority.state ? 1 : 0);
    },
  });
}
