import type { Api } from '../../framework/api/api.ts';
import { isNotFound } from '../../framework/api/api-error.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { DEPLOYMENT, OPERATOR, SYSTEM, VERSION_LABEL } from '../cluster/system-names.ts';
import { compareVersions } from './version-order.ts';

/** The oldest Kubernetes that has all that is used. */
export const OLDEST_KUBERNETES = '1.34.0';

/** The operator's Deployment, if there is one. */
export async function operatorDeployment(api: Api): Promise<KubernetesObject | undefined> {
  try {
    return await api.get(DEPLOYMENT, { namespace: SYSTEM, name: OPERATOR });
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

/** The version that an object of the system is of. */
export function versionOf(object: KubernetesObject | undefined): string | undefined {
  return object?.metadata.labels?.[VERSION_LABEL];
}

/** What applying a version over another comes to. */
export type Move = 'install' | 'same' | 'upgrade' | 'roll-back';

/** What it is to go from one version to another; `from` is absent where nothing is installed. */
export function moveOf(from: string | undefined, to: string): Move {
  if (from === undefined) return 'install';
  const order = compareVersions(from, to);
  if (order === 0) return 'same';
  return order < 0 ? 'upgrade' : 'roll-back';
}
