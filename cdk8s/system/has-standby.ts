import type { SystemValues } from './values/values.ts';

/** Whether there is a standby: what it verifies the control plane with comes from where proxies of pods have it from. */
export function hasStandby({ injection, standby }: Pick<SystemValues, 'injection' | 'standby'>): boolean {
  return standby.enabled && injection.by !== 'None';
}
